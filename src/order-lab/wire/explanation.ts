/** The lab's explanation of what it sees, with the sentences about the order pipeline. */
import Type from 'typebox';
import { Explanation as AnyExplanation, Insight, insightIds } from '../../lab/wire/explanation.ts';

/** Of the sentences that only the order pipeline has. */
export const pipelineInsightIds = ['analytics-away', 'part-missing', 'replaying'] as const;

const id = Type.Enum([...insightIds, ...pipelineInsightIds], { description: 'stable' });

export const Explanation = Type.Object({
  ...AnyExplanation.properties,
  insights: Type.Array(Type.Object({ ...Insight.properties, id }), { description: 'what is seen and what it comes from, the worst first' }),
});

/** Prints answers by the names that they have here, as `src/lab/terminal/output.ts` does by those of any lab. */
import { printAnswer, printAnswerLine } from '../../lab/terminal/output.ts';
import type { Answer, AnswerName } from './answer-table.ts';

/** Prints an answer as indented JSON: `printJson<'lag'>(...)`. */
export const printJson = <N extends AnswerName = never>(answer: Answer<NoInfer<N>>): void => printAnswer(answer);

/** Prints an answer as JSON on one line, for a stream. */
export const printJsonLine = <N extends AnswerName = never>(answer: Answer<NoInfer<N>>): void => printAnswerLine(answer);

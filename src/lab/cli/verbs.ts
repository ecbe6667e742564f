/** All verbs, in the order of the help. Each is loaded when it is asked for: the Kafka client alone takes longer than most of them. */
import type { Command } from 'commander';

type Verb = { names: readonly string[]; load: () => Promise<{ register: (program: Command) => void }> };

const verbs: readonly Verb[] = [
  { names: ['up'], load: () => import('./up.ts') },
  { names: ['down'], load: () => import('./down.ts') },
  { names: ['reset'], load: () => import('./reset.ts') },
  { names: ['ps'], load: () => import('./ps.ts') },
  { names: ['logs'], load: () => import('./logs.ts') },
  { names: ['stop', 'start', 'restart', 'kill'], load: () => import('./service-actions.ts') },
  { names: ['scale'], load: () => import('./scale.ts') },
  { names: ['set'], load: () => import('./set.ts') },
  { names: ['burst'], load: () => import('./burst.ts') },
  { names: ['lag'], load: () => import('./lag.ts') },
  { names: ['offsets'], load: () => import('./offsets.ts') },
  { names: ['replay'], load: () => import('./replay.ts') },
  { names: ['dlq'], load: () => import('./dlq.ts') },
  { names: ['ledger'], load: () => import('./ledger.ts') },
  { names: ['tail'], load: () => import('./tail.ts') },
  { names: ['metrics'], load: () => import('./metrics.ts') },
  { names: ['kafka'], load: () => import('./kafka.ts') },
  { names: ['run'], load: () => import('./run.ts') },
  { names: ['scenarios'], load: () => import('./scenarios.ts') },
  { names: ['crash-test'], load: () => import('./crash-test.ts') },
  { names: ['compare'], load: () => import('./compare.ts') },
  { names: ['systems'], load: () => import('./systems.ts') },
  { names: ['system'], load: () => import('./system.ts') },
  { names: ['bench'], load: () => import('./bench.ts') },
  { names: ['doctor'], load: () => import('./doctor.ts') },
  { names: ['node'], load: () => import('./node.ts') },
  { names: ['test'], load: () => import('./test.ts') },
];

/**
 * Registers the verb that `first` names; all of them when it names none, for the help and for suggestions.
 * @param first the first argument on the command line
 */
export async function registerVerbs(program: Command, first: string | undefined): Promise<void> {
  const named = verbs.filter(({ names }) => first !== undefined && names.includes(first));
  for (const { load } of named.length > 0 ? named : verbs) (await load()).register(program);
}

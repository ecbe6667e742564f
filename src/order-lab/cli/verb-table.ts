/** All verbs, in the order of the help. Each is loaded when it is asked for: the Kafka client alone takes longer than most of them. */
import type { Command } from 'commander';
import { isPackaged } from '../../pipeline/settings/packaged.ts';
import type { VerbTable } from './completion/complete.ts';

type Verb = { names: readonly string[]; load: () => Promise<{ register: (program: Command, verbs: VerbTable) => void }> };

/** The package has no tests, no peers to be measured against, and is called by npx, which shells do not complete. */
const inCheckoutsAlone: ReadonlySet<string> = new Set(['bench', 'test', 'completion']);

const verbs: readonly Verb[] = [
  { names: ['up'], load: () => import('./verbs/up.ts') },
  { names: ['down'], load: () => import('./verbs/down.ts') },
  { names: ['reset'], load: () => import('./verbs/reset.ts') },
  { names: ['ps'], load: () => import('./verbs/ps.ts') },
  { names: ['logs'], load: () => import('./verbs/logs.ts') },
  { names: ['stop', 'start', 'restart', 'kill'], load: () => import('./verbs/service-actions.ts') },
  { names: ['scale'], load: () => import('./verbs/scale.ts') },
  { names: ['set'], load: () => import('./verbs/set.ts') },
  { names: ['burst'], load: () => import('./verbs/burst.ts') },
  { names: ['explain'], load: () => import('./verbs/explain.ts') },
  { names: ['lag'], load: () => import('./verbs/lag.ts') },
  { names: ['autoscale'], load: () => import('./verbs/autoscale.ts') },
  { names: ['offsets'], load: () => import('./verbs/offsets.ts') },
  { names: ['replay'], load: () => import('./verbs/replay.ts') },
  { names: ['dlq'], load: () => import('./verbs/dlq.ts') },
  { names: ['ledger'], load: () => import('./verbs/ledger.ts') },
  { names: ['tail'], load: () => import('./verbs/tail.ts') },
  { names: ['metrics'], load: () => import('./verbs/metrics.ts') },
  { names: ['kafka'], load: () => import('./verbs/kafka.ts') },
  { names: ['run'], load: () => import('./verbs/run.ts') },
  { names: ['record'], load: () => import('./verbs/record.ts') },
  { names: ['scenarios'], load: () => import('./verbs/scenarios.ts') },
  { names: ['results'], load: () => import('../../lab/cli/verbs/results.ts') },
  { names: ['crash-test'], load: () => import('../../lab/cli/verbs/crash-test.ts') },
  { names: ['compare'], load: () => import('../../lab/cli/verbs/compare.ts') },
  { names: ['systems'], load: () => import('../../lab/cli/verbs/systems.ts') },
  { names: ['system'], load: () => import('../../lab/cli/verbs/system.ts') },
  { names: ['bench'], load: () => import('./verbs/bench.ts') },
  { names: ['doctor'], load: () => import('./verbs/doctor.ts') },
  { names: ['completion', 'complete'], load: () => import('./verbs/completion.ts') },
  { names: ['mcp'], load: () => import('./verbs/mcp.ts') },
  { names: ['schema'], load: () => import('./verbs/schema.ts') },
  { names: ['node'], load: () => import('./verbs/node.ts') },
  { names: ['test'], load: () => import('./verbs/test.ts') },
].filter(({ names }) => !isPackaged || !names.some((name) => inCheckoutsAlone.has(name)));

/** What people type; the shells ask `complete`. */
const verbNames = verbs.flatMap(({ names }) => names).filter((name) => name !== 'complete');

/** Asks the program itself: no verb has to be loaded for it. */
const asksVersion = (first: string | undefined): boolean => first === '--version' || first === '-V';

/**
 * Registers the verb that `first` names; all of them when it names none, for the help and for suggestions.
 * @param first the first argument on the command line
 */
export async function registerVerbs(program: Command, first: string | undefined): Promise<void> {
  if (asksVersion(first)) return;
  const named = verbs.filter(({ names }) => first !== undefined && names.includes(first));
  for (const { load } of named.length > 0 ? named : verbs) (await load()).register(program, { names: verbNames, register: registerVerbs });
}

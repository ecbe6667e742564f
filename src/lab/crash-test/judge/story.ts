/** What is known of a finding: where it came in, where it went out, who was at it, and which fault lay near. Pure. */
import { type Anomaly, nearMs, nearText } from '../../ledger/jepsen-words.ts';
import type { Life } from '../../systems/process/instance.ts';
import type { Fault } from '../faults/fault.ts';
import { committedAt, type Sample } from '../watch/group-history.ts';
import { momentsOf } from './fault-costs.ts';
import type { Finding, FindingKind } from './judge-ledger.ts';
import type { LoggedRecord } from './ledger-log.ts';

/** A finding with its story: what `--json` prints. Times are RFC 3339. */
export type Story = {
  kind: FindingKind;
  /** What Jepsen calls it. */
  jepsen: Anomaly;
  id: string;
  text: string;
  in: Place[];
  out: (Place & { process: string | null })[];
  /** Faults that were under way near it, see `nearMs`. */
  faults: { kind: string; target: string; at: string }[];
};
type Place = { topic: string; partition: number; offset: number; at: string };

export const jepsenWords: { [kind in FindingKind]: Anomaly } = {
  lost: 'lost-write',
  repeated: 'duplicate',
  invented: 'unexpected',
  outOfOrder: 'nonmonotonic-send',
  poisoned: 'unseen',
};

export type Surroundings = {
  faults: readonly Fault[];
  samples: readonly Sample[];
  /** By the names of the processes. */
  lives: ReadonlyMap<string, readonly Life[]>;
  /** When the load began (ms since 1970): times in the text are seconds since then. */
  startMs: number;
};

export function storyOf(finding: Finding, { faults, samples, lives, startMs }: Surroundings): Story {
  const { kind, id, inputs, outputs } = finding;
  const input = inputs[0];
  const commit = input && committedAt(samples, input);
  // A repeat begins when it is written first: the fault comes behind that, and the second record when another takes over, seconds later.
  const moments = [...momentsOf(finding, samples), ...outputs.map(({ at }) => at)];
  const near = faults.filter(({ at, until }) => moments.some((ms) => ms >= at - nearMs && ms <= until + nearMs));
  const since = (ms: number): string => `${((ms - startMs) / 1000).toFixed(1)} s`;
  const out = outputs.map((record) => ({ ...placed(record), process: writerOf(lives, record.at) }));
  const parts = [
    inputs.length > 0 ? `in ${inputs.map((one) => `${placeText(one)} at ${since(one.at)}`).join(', ')}` : 'never came in',
    outputs.length > 0
      ? `out ${outputs.map((one, index) => `${placeText(one)} at ${since(one.at)}${out[index]?.process ? ` by ${out[index].process}` : ''}`).join(', ')}`
      : undefined,
    kind === 'lost' && commit
      ? `committed by ${since(commit.atMs)}${commit.owner ? `, its partition belonged to ${commit.owner}` : ''}`
      : undefined,
    kind === 'poisoned' ? 'its partition was never read on' : undefined,
    near.length > 0
      ? `near: ${near.map((fault) => `${fault.kind} ${fault.target} at ${since(fault.at)}`).join(', ')}`
      : `no fault ${nearText}`,
  ];
  return {
    kind,
    jepsen: jepsenWords[kind],
    id,
    text: parts.filter(Boolean).join('; '),
    in: inputs.map(placed),
    out,
    faults: near.map((fault) => ({ kind: fault.kind, target: fault.target, at: iso(fault.at) })),
  };
}

/** @returns the only process that ran then; null where there were several */
function writerOf(lives: Surroundings['lives'], atMs: number): string | null {
  const running = [...lives].filter(([, list]) =>
    list.some(({ fromMs, toMs }) => fromMs <= atMs && atMs <= (toMs ?? Number.POSITIVE_INFINITY)),
  );
  return running.length === 1 ? (running[0]?.[0] ?? null) : null;
}

const iso = (ms: number): string => new Date(ms).toISOString();
const placed = ({ topic, partition, offset, at }: LoggedRecord): Place => ({ topic, partition, offset, at: iso(at) });
const placeText = ({ topic, partition, offset }: { topic: string; partition: number; offset: number }): string =>
  `${topic}/${partition}@${offset}`;

/** What each fault of a run has cost: what was lost or done again because of it, and how long it took until all was at work again. Pure. */
import type { Fault } from '../faults/fault.ts';
import { committedAt, hasMoved, type Sample } from '../watch/group-history.ts';
import type { Finding, FindingKind } from './judge-ledger.ts';

/** Counts of ids; and seconds from the fault until every group committed again, null where that was not seen. */
export type Cost = {
  lost: number;
  repeated: number;
  invented: number;
  outOfOrder: number;
  poisoned: number;
  atWorkAfterSec: number | null;
};
export type CostedFault = Fault & Cost;

/** Clocks of writers and of looks differ by so much (ms). */
const toleranceMs = 500;
/** A record that cannot be read has to do with what is lost or stops in its own partition, so soon after it (ms). */
const unreadableMs = 10_000;

/**
 * Each finding is counted once: with the record that it is about, where that is the fault, else with the last fault that had begun when it
 * happened. What happened before any fault is counted with none.
 * @param findings all of them
 */
export function withCosts(faults: readonly Fault[], findings: readonly Finding[], samples: readonly Sample[]): CostedFault[] {
  const costed = faults.map((fault) => ({
    ...fault,
    ...{ lost: 0, repeated: 0, invented: 0, outOfOrder: 0, poisoned: 0 },
    atWorkAfterSec: atWorkAfterSec(fault, samples),
  }));
  for (const finding of findings) {
    const fault = causeOf(finding, costed, samples);
    if (fault) fault[finding.kind] += 1;
  }
  return costed;
}

/** @returns when a finding happened: a loss when the offset is committed, a repeat when the second record is written (ms since 1970) */
export function momentsOf({ kind, inputs, outputs }: Finding, samples: readonly Sample[]): number[] {
  const input = inputs[0];
  if (kind === 'lost' && input) return [committedAt(samples, input)?.atMs ?? input.at];
  if (kind === 'poisoned' && input) return [input.at];
  return outputs.slice(kind === 'repeated' ? 1 : 0).map(({ at }) => at);
}

function causeOf<F extends Fault>(finding: Finding, faults: readonly F[], samples: readonly Sample[]): F | undefined {
  const [moment = 0] = momentsOf(finding, samples);
  const [input] = finding.inputs;
  const place = input && `${input.topic}/${input.partition}`;
  const isIts = ({ kind, target, at }: Fault): boolean => {
    if (kind === 'duplicate') return target === finding.id && finding.kind === 'repeated';
    if (kind !== 'unreadable') return false;
    const isHere = place !== undefined && target.startsWith(`${place}@`);
    return (
      isHere && (finding.kind === 'poisoned' || (finding.kind === 'lost' && moment >= at - toleranceMs && moment <= at + unreadableMs))
    );
  };
  const strikes = faults.filter(({ kind }) => kind !== 'duplicate' && kind !== 'unreadable');
  return faults.findLast(isIts) ?? strikes.findLast(({ at }) => at <= moment + toleranceMs);
}

/** Only what a process or a broker has to come back from. */
function atWorkAfterSec({ kind, at }: Fault, samples: readonly Sample[]): number | null {
  if (kind === 'duplicate' || kind === 'unreadable') return null;
  // The first look after it may have begun before it.
  const [, first] = samples.filter(({ atMs }) => atMs >= at);
  const back = first && samples.find((sample) => sample.atMs > first.atMs && hasMoved(first, sample));
  return back ? Math.round((back.atMs - at) / 100) / 10 : null;
}

/** @returns what the faults of each kind have cost together, in the order in which the kinds came first */
export function costsByKind(faults: readonly CostedFault[]): (Cost & { kind: Fault['kind']; times: number; unseen: number })[] {
  return [...Map.groupBy(faults, ({ kind }) => kind)].map(([kind, its]) => {
    const sum = (what: FindingKind): number => its.reduce((total, fault) => total + fault[what], 0);
    const seconds = its.flatMap(({ atWorkAfterSec: sec }) => sec ?? []);
    return {
      kind,
      times: its.length,
      lost: sum('lost'),
      repeated: sum('repeated'),
      invented: sum('invented'),
      outOfOrder: sum('outOfOrder'),
      poisoned: sum('poisoned'),
      atWorkAfterSec: seconds.length > 0 ? Math.max(...seconds) : null,
      unseen: its.length - seconds.length,
    };
  });
}

/** Steps about consumer groups: how far they are, how fast they read, moving their offsets. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import { type GroupState, readGroup } from '../../../kafka/groups/group-state.ts';
import { lagRows } from '../../../kafka/groups/lag.ts';
import { leftOf } from '../../../kafka/groups/wait-drained.ts';
import type { Target } from '../../../kafka/offsets/plan.ts';
import { executeReset, waitUntilInactive } from '../../../kafka/offsets/reset.ts';
import { parseScope } from '../../../kafka/offsets/scope.ts';
import { runKafkaTool } from '../../../lab/broker/tools.ts';
import { formatValue } from '../../../lab/report/check.ts';
import { lagByHand, resetArguments, resetByHand } from '../by-hand.ts';
import { groupOf } from '../connection.ts';
import type { Consumer, LabSteps, ResetTo } from '../lab-steps.ts';
import { goOn, type Rig } from '../rig.ts';
import { membershipOf, peakLag } from '../sample.ts';

/** Longer than the session of a member that was killed. */
const leaveTimeoutMs = 60_000;

export function groupSteps(rig: Rig): Pick<LabSteps, 'lag' | 'drainRate' | 'resetOffsets' | 'peakLag' | 'membership'> {
  const { recorder, sampler } = rig;
  const read = (service: Consumer): Promise<GroupState> => {
    const { group, topics } = groupOf(rig.lab, service);
    return readGroup(rig.lab.inspector, group, topics);
  };

  return {
    lag: (service) => {
      const { group } = groupOf(rig.lab, service);
      return recorder.step({ kind: 'look', what: `lag of ${service}`, byHand: lagByHand(group) }, async (tell) => {
        const state = await read(service);
        const partitions = lagRows(group, state.partitions).map(({ topic, partition, lag, consumerId }) => ({
          topic,
          partition,
          lag,
          owner: consumerId,
        }));
        const total = leftOf(state);
        tell(
          `${formatValue(total)} records: ${partitions.map(({ topic, partition, lag }) => `${topic}/${partition} ${formatValue(lag ?? '-')}`).join(', ')}`,
        );
        return { total, partitions };
      });
    },

    drainRate: (service, { forSeconds }) => {
      const { group } = groupOf(rig.lab, service);
      const what = `measure for ${forSeconds} s how fast ${service} reads`;
      return recorder.step({ kind: 'wait', what, byHand: lagByHand(group) }, async (tell) => {
        const before = await read(service);
        await sleep(forSeconds * 1000, undefined, { signal: rig.signal }).catch(() => {});
        goOn(rig);
        const after = await read(service);
        const perSec = ((committedOf(after) - committedOf(before)) * 1000) / (after.atMs - before.atMs);
        requireBusy(after, service, forSeconds);
        tell(`${formatValue(Math.round(perSec))} a second; lag ${formatValue(leftOf(before))} before, ${formatValue(leftOf(after))} after`);
        return perSec;
      });
    },

    resetOffsets: (service, options) => {
      const group = groupOf(rig.lab, service);
      const tool = options.by === 'kafka' ? "Kafka's own tool" : './lab offsets';
      const { topics = group.topics, to } = options;
      const byHand = resetByHand(group, options);
      const what = `reset ${group.group} in ${topics.join(', ')} to ${targetText(to)}, by ${tool}`;
      return recorder.step({ kind: 'change', what, byHand: options.by === 'kafka' ? byHand.slice(1) : byHand }, async (tell) => {
        const { lab } = rig;
        await waitUntilInactive(lab.inspector, group.group, leaveTimeoutMs);
        if (options.by === 'kafka') {
          tell(await resetByKafka(rig, resetArguments(group, options)));
          return;
        }
        const { labHome } = lab.settings;
        const request = { group: group.group, target: targetOf(to), scope: parseScope(topics, false) };
        const { rows } = await executeReset({ inspector: lab.inspector, config: lab.config }, request, labHome);
        tell(
          rows.map(({ topic, partition, before, newOffset }) => `${topic}/${partition} ${before ?? '-'} to ${newOffset ?? '-'}`).join(', '),
        );
      });
    },

    peakLag: (service) => peakLag(sampler.samples, groupOf(rig.lab, service).group),
    membership: (service, sinceMs) => membershipOf(sampler.samples, groupOf(rig.lab, service).group, sinceMs),
  };
}

const committedOf = ({ partitions }: GroupState): number => partitions.reduce((sum, { committed = 0 }) => sum + committed, 0);

/** A rate over a time in which a partition had nothing left to read says nothing about the reader. */
function requireBusy({ partitions }: GroupState, service: string, forSeconds: number): void {
  const idle = partitions.find(({ committed = 0, end = 0 }) => committed >= end);
  if (!idle) return;
  throw new ReplaygroundError(
    'nothing-left',
    `${idle.topic} partition ${idle.partition} was read to its end within the ${forSeconds} s, so the rate of ${service} cannot be told: send more, or measure shorter`,
  );
}

async function resetByKafka({ lab }: Rig, args: string[]): Promise<string> {
  const { kafkaBrokers = '', labCache } = lab.settings;
  const cache = labCache === undefined ? {} : { cacheDir: labCache };
  const { exitCode, stdout, stderr } = await runKafkaTool('consumer-groups', ['--reset-offsets', ...args], {
    brokers: kafkaBrokers,
    security: lab.settings,
    ...cache,
  });
  // It says what went wrong on stdout, with exit code 0.
  if (exitCode !== 0 || /\bError\b/.test(stdout))
    throw new ReplaygroundError('reset-failed', `Kafka's tool said: ${(stdout + stderr).trim()}`);
  return stdout.trim();
}

function targetOf(to: ResetTo): Target {
  if (typeof to === 'string') return { kind: to };
  if ('offset' in to) return { kind: 'offset', offset: to.offset };
  if ('shiftBy' in to) return { kind: 'shift', by: to.shiftBy };
  return { kind: 'time', atMs: Date.parse(to.time) };
}

function targetText(to: ResetTo): string {
  if (typeof to === 'string') return `the ${to === 'earliest' ? 'beginning' : 'end'}`;
  if ('offset' in to) return `offset ${to.offset}`;
  if ('shiftBy' in to) return `${Math.abs(to.shiftBy)} ${to.shiftBy < 0 ? 'back' : 'on'}`;
  return to.time;
}

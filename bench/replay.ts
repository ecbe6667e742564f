/** Reads many orders again from the earliest offset to the same digest: how fast against the view that reads them first, with how much memory. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReplaygroundError } from '../src/kafka/errors.ts';
import { freePort } from '../src/lab/broker/ports.ts';
import type { Bench } from './bench.ts';
import { startContender } from './contender.ts';
import { watchGroup } from './group-progress.ts';
import { measure } from './measures.ts';
import { type MemoryPoint, MemorySampler, medianOf, peakOf } from './memory-sampler.ts';
import { analyticsCommand } from './our-commands.ts';
import { prepareLog } from './preload.ts';
import { type Count, countRecords, pace } from './progress.ts';
import type { Curve, Findings } from './result.ts';
import { partitionCount } from './topic-log.ts';

/** A round reads everything twice, so there are fewer of them. */
const mostRounds = 3;
const pollMs = 50;

type Replayed = { processed: number; total: number; state: 'running' | 'done'; identical?: boolean; after?: { digest: string } };
type Round = { liveRate: number; rate: number; sec: number; digest: string; identical: boolean; memory: MemoryPoint[] };

/** Each round: a new analytics-service reads the whole log, then is told to replay it. */
export async function benchReplay(bench: Bench): Promise<Findings> {
  const orders = bench.sizes.manyOrders;
  const log = await prepareLog(bench, 'bench-replay', orders);
  const rounds: Round[] = [];
  for (let round = 1; round <= Math.min(bench.rounds, mostRounds); round++) {
    const name = `replay-${round}`;
    const run = { ...log, brokers: bench.brokers, group: `bench-${name}`, home: join(bench.home, name) };
    const port = await freePort();
    const contender = startContender(name, analyticsCommand(run, port), run.home);
    try {
      const samples = await Promise.race([watchGroup(bench.admin, run.group, log.records), contender.failed]);
      const live = pace(contender.startedAtMs, countRecords(samples, log.offsets));
      using memory = new MemorySampler(new Map([['analytics-service', contender.pids[0] ?? 0]]));
      const replay = await Promise.race([replayAll(`http://127.0.0.1:${port}`, log.records), contender.failed]);
      rounds.push({ ...replay, liveRate: live.steadyRate, memory: memory.points.get('analytics-service') ?? [] });
      bench.say(
        `replay, round ${round}: live ${Math.round(live.steadyRate)} records/s, replay ${Math.round(replay.rate)}, ${replay.sec.toFixed(1)} s`,
      );
    } finally {
      await contender.stop();
      await rm(join(run.home, 'state'), { recursive: true, force: true });
    }
  }
  return findings(orders, log.records, rounds);
}

/** Steady rate from 10% on, as for the live view; `sec` from the request to the comparison of the digests. */
async function replayAll(url: string, records: number): Promise<Pick<Round, 'rate' | 'sec' | 'digest' | 'identical'>> {
  const startedAtMs = performance.now();
  const started = await fetch(`${url}/replay`, { method: 'POST' });
  if (!started.ok) throw new ReplaygroundError('bench-no-replay', `POST /replay answered ${started.status}: ${await started.text()}`);
  const { id } = (await started.json()) as { id: string };
  const counts: Count[] = [];
  for (;;) {
    const response = await fetch(`${url}/replay/${id}`);
    const replay = (await response.json()) as Replayed;
    const atMs = performance.now();
    // Offsets hold control records too: the share of them that is done counts.
    counts.push({ atMs, count: (replay.processed / replay.total) * records });
    if (replay.state === 'done') {
      const sec = (atMs - startedAtMs) / 1000;
      return { rate: pace(startedAtMs, counts).steadyRate, sec, digest: replay.after?.digest ?? '', identical: replay.identical === true };
    }
    await sleep(pollMs);
  }
}

function findings(orders: number, records: number, rounds: Round[]): Findings {
  const digests = [...new Set(rounds.map(({ digest }) => digest))];
  const growth = rounds.map(({ memory }) => medianOf(memory, 0.75, 1) / medianOf(memory, 0.25, 0.5));
  const curve: Curve = {
    file: 'replay-memory',
    title: `Resident memory of analytics-service while it replays ${orders} orders`,
    x: 'seconds',
    y: 'MB',
    lines: rounds.map(({ memory }, index) => ({ name: `round ${index + 1}`, points: memory })),
  };
  return {
    settings: { orders, 'records of both topics': records, partitions: partitionCount },
    rounds: rounds.length,
    measures: [
      measure(
        { name: 'replay against the live view, steady', unit: 'records/s', target: { of: 'ratio', atLeast: 1 } },
        rates(rounds, 'rate'),
        {
          name: 'live view',
          rounds: rates(rounds, 'liveRate'),
        },
      ),
      measure({ name: 'from the request to the compared digest', unit: 's' }, rates(rounds, 'sec')),
      measure({ name: 'memory, last quarter to second quarter', unit: 'x', target: { of: 'ours', below: 1.1 } }, growth),
      measure(
        { name: 'peak memory', unit: 'MB' },
        rounds.map(({ memory }) => peakOf(memory)),
      ),
    ],
    checks: [
      {
        claim: 'every replay ended with the digest that it began with, the same in all rounds',
        held: rounds.every(({ identical }) => identical) && digests.length === 1,
        detail: digests.join(', '),
      },
    ],
    curves: [curve],
  };
}

const rates = (rounds: readonly Round[], figure: 'rate' | 'liveRate' | 'sec'): number[] => rounds.map((round) => round[figure]);

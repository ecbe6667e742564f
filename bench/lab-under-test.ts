/** A whole lab, as `./lab up` starts it with a broker of its own: for what people see of the system. Parts that need one share it. */
import { globSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { ReplaygroundError } from '../src/kafka/errors.ts';
import { findLab } from '../src/order-lab/client/lab-client.ts';
import { pipelineUrls } from '../src/order-lab/client/require-pipeline.ts';
import { takeDown } from '../src/order-lab/client/take-down.ts';
import type { LabState } from '../src/order-lab/wire/lab-state.ts';
import type { Metrics } from '../src/pipeline/analytics/metrics.ts';
import { projectRoot } from '../src/pipeline/settings/read-settings.ts';
import { withoutSettings } from '../src/pipeline/settings/without-settings.ts';
import type { Bench } from './bench.ts';

const askTimeoutMs = 30_000;
const seenDeadlineMs = 600_000;

export class LabUnderTest {
  readonly #home: string;

  /** @param folder of its LAB_HOME; the lab is started by {@link up} */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#home = join(folder, '.lab');
  }

  /** Starts it. @returns how long the command took (s) */
  async up(): Promise<number> {
    const ports = { LAB_PORT: '0', KAFKA_PORT: '0', ORDER_SERVICE_PORT: '0', ANALYTICS_SERVICE_PORT: '0' };
    const { sec } = await this.run(['up', '--detach'], { ...ports, REPORT_INTERVAL_SEC: '3600', PRINT_EVERY: '1000000' });
    return sec;
  }

  /**
   * Runs a verb of `./lab` on it, as a user does.
   * @param settings beside its LAB_HOME
   * @returns what it printed, and how long it took (s)
   * @throws ReplaygroundError `bench-lab-failed` with the end of what it says, where its exit code is not 0
   */
  async run(args: readonly string[], settings: Record<string, string> = {}): Promise<{ stdout: string; sec: number }> {
    const startedAtMs = performance.now();
    const { exitCode, stdout, stderr } = await execa(join(projectRoot, 'lab'), args, {
      extendEnv: false,
      env: { ...withoutSettings(process.env), LAB_HOME: this.#home, ...settings },
      reject: false,
    });
    if (exitCode !== 0)
      throw new ReplaygroundError('bench-lab-failed', `./lab ${args.join(' ')} ended with exit code ${exitCode}: ${stderr.slice(-500)}`);
    return { stdout, sec: (performance.now() - startedAtMs) / 1000 };
  }

  /** Stops it; the data stays. Nothing happens where it does not run. */
  async down(): Promise<void> {
    await takeDown(this.#home, () => {});
  }

  /** Processes and addresses of the running lab. */
  async state(): Promise<LabState> {
    const lab = await findLab(this.#home);
    if (!lab) throw new ReplaygroundError('bench-lab-failed', `the lab in ${this.#home} is gone: see its logs`);
    return lab.state();
  }

  /** What analytics-service shows now. */
  async metrics(): Promise<Metrics> {
    return metricsAt(pipelineUrls(await this.state()).analytics);
  }

  /** @returns what Kafka's log of a topic takes on disk (bytes) */
  logBytes(topic: string): number {
    const files = globSync(`kafka/data/${topic}-*/*.log`, { cwd: this.#home });
    return files.reduce((sum, file) => sum + statSync(join(this.#home, file)).size, 0);
  }

  /**
   * Sends orders by `POST /load-test` and waits until analytics-service shows all of them and their decisions.
   * @returns when it was asked for, when it was answered, and when all was seen (`performance.now()`)
   */
  async burst(count: number): Promise<{ askedAtMs: number; answeredAtMs: number; seenAtMs: number }> {
    const urls = pipelineUrls(await this.state());
    const before = await metricsAt(urls.analytics);
    const askedAtMs = performance.now();
    const answered = loadTest(urls.orders, count).then(() => performance.now());
    const seen = allSeen(urls.analytics, before, count);
    seen.catch(() => {});
    return { askedAtMs, answeredAtMs: await answered, seenAtMs: await seen };
  }
}

/** @param url of analytics-service */
export async function metricsAt(url: string): Promise<Metrics> {
  const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(askTimeoutMs) });
  if (!response.ok) throw new ReplaygroundError('bench-lab-failed', `GET /metrics answered ${response.status}`);
  return (await response.json()) as Metrics;
}

async function loadTest(url: string, count: number): Promise<void> {
  const response = await fetch(`${url}/load-test`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ count, failRate: 0 }),
    signal: AbortSignal.timeout(seenDeadlineMs),
  });
  if (!response.ok)
    throw new ReplaygroundError('bench-lab-failed', `POST /load-test answered ${response.status}: ${await response.text()}`);
}

/** Asks every 10 ms for a small burst; every quarter of a second for a large one, so that asking costs nothing. */
async function allSeen(url: string, before: Metrics, count: number): Promise<number> {
  const everyMs = count > 50_000 ? 250 : 10;
  const deadline = performance.now() + seenDeadlineMs;
  for (;;) {
    const now = await metricsAt(url);
    const seen = Math.min(now.total_orders - before.total_orders, now.total_reservations - before.total_reservations);
    if (seen >= count) return performance.now();
    if (performance.now() > deadline) throw new ReplaygroundError('bench-stalled', `analytics shows ${seen} of ${count} orders`);
    await sleep(everyMs);
  }
}

const labs = new WeakMap<Bench, Promise<LabUnderTest>>();

/** @returns the lab that all parts of a run share, up since the first of them asked for it */
export function sharedLab(bench: Bench): Promise<LabUnderTest> {
  const known = labs.get(bench);
  if (known) return known;
  const lab = new LabUnderTest(join(bench.home, 'lab'));
  bench.defer(() => lab.down());
  const up = lab.up().then(() => lab);
  labs.set(bench, up);
  return up;
}

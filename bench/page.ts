/**
 * How smooth the dashboard is while orders flow: script time per frame in a real browser, against a lab of its own.
 * `./lab node bench/page.ts [seconds] [orders/s]`, on a machine that has nothing else to do.
 */
import type { CDPSession, Page } from 'playwright-core';
import type { BurstRequest, Snapshot } from '../src/order-lab/wire/all.ts';
import { openBrowser } from '../test/support/browser.ts';
import { startOwnLab } from '../test/support/running-lab.ts';
import { until } from '../test/support/until.ts';

const [seconds = 30, ratePerSec = 20_000] = process.argv.slice(2).map(Number);
/** A frame at 60 Hz: what a script takes longer than that is seen as a stutter (ms). */
const frameMs = 16;
const keptSamples = 900;
/** What the page's main thread does after scripts, as traces name it. */
const rendering = new Set(['UpdateLayoutTree', 'Layout', 'PrePaint', 'Paint', 'Layerize', 'Commit']);

await using lab = await startOwnLab();
await using browser = await openBrowser();
const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
await pretendHistory(page);
const started = Date.now();
await page.goto(lab.url);
await page.getByText('● live').waitFor();
console.log(`first picture after ${await firstPaintMs(page)} ms, live after ${Date.now() - started} ms`);
await page.locator('[data-testid=timeline] canvas').waitFor();
await fillTimeline(page);

const cdp = await page.context().newCDPSession(page);
await cdp.send('Performance.enable');
console.log(await measure('idle', cdp, 10));
await send({ count: ratePerSec * (seconds + 10), ratePerSec });
await until(async () => ((await sample())?.inPerSec ?? 0) > ratePerSec * 0.5, { what: 'orders flow', deadlineMs: 60_000 });
console.log(await measure(`${ratePerSec} orders/s wanted, ${(await sample())?.inPerSec} measured`, cdp, seconds));
await fetch(`${lab.url}/api/burst/stop`, { method: 'POST', headers: { origin: lab.url } });

/** A trace tells each piece of work of the page's main thread; a frame is what lies between two of its animation frames. */
async function measure(what: string, cdp: CDPSession, forSeconds: number): Promise<string> {
  const before = await metrics(cdp);
  await browser.startTracing(page, { categories: ['devtools.timeline', 'v8.execute'] });
  await page.waitForTimeout(forSeconds * 1000);
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const after = await metrics(cdp);
  const scripts = scriptTimes(trace.traceEvents, ({ tdur = 0 }) => tdur);
  const onTheClock = scriptTimes(trace.traceEvents, ({ dur = 0 }) => dur);
  const share = ((after.ScriptDuration ?? 0) - (before.ScriptDuration ?? 0)) / ((after.Timestamp ?? 1) - (before.Timestamp ?? 0));
  const over = scripts.filter((ms) => ms > frameMs).length;
  const perSecond = (ms: number): string => `${(ms / forSeconds).toFixed(1)} ms`;
  return [
    `${what}, ${forSeconds} s:`,
    `  processor time a second: script ${perSecond(sum(scripts))}, style, layout and paint ${perSecond(renderingMs(trace.traceEvents))}`,
    `  script ${(share * 100).toFixed(1)}% of the time by the clock, heap ${Math.round((after.JSHeapUsedSize ?? 0) / 1e6)} MB`,
    `  frames with script of 1 ms or more, by processor time: ${quantiles(scripts)}; ${over} over ${frameMs} ms`,
    `  the same by the clock, with what other processes took:  ${quantiles(onTheClock)}`,
  ].join('\n');
}

function quantiles(sorted: readonly number[]): string {
  const at = (share: number): string => `${(sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1)} ms`;
  return `${sorted.length}, median ${at(0.5)}, 95th ${at(0.95)}, 99th ${at(0.99)}, longest ${at(1)}`;
}

/** In microseconds: when, how long by the clock, how long on the processor. */
type TraceEvent = { name: string; ph: string; ts: number; dur?: number; tdur?: number };

/** @returns how long scripts took in each frame (ms, ascending, from 1 ms on) */
function scriptTimes(events: readonly TraceEvent[], microseconds: (event: TraceEvent) => number): number[] {
  const calls = events.filter(
    ({ name, ph }) =>
      ph === 'X' && (name === 'FunctionCall' || name === 'FireAnimationFrame' || name === 'TimerFire' || name === 'RunMicrotasks'),
  );
  const outer: TraceEvent[] = [];
  let end = 0;
  for (const call of calls.toSorted((a, b) => a.ts - b.ts)) {
    if (call.ts < end) continue;
    end = call.ts + (call.dur ?? 0);
    outer.push(call);
  }
  // Calls that follow each other within a frame make one wait.
  const frames: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const event of outer) {
    const [frame, ms] = [Math.floor((event.ts / 1_000_000) * 60), microseconds(event) / 1000];
    if (frame === last) frames.push((frames.pop() ?? 0) + ms);
    else frames.push(ms);
    last = frame;
  }
  return frames.filter((ms) => ms >= 1).sort((a, b) => a - b);
}

/** @returns processor time of all of `rendering` */
function renderingMs(events: readonly TraceEvent[]): number {
  return sum(events.filter(({ name, ph }) => ph === 'X' && rendering.has(name)).map(({ tdur = 0 }) => tdur / 1000));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

async function metrics(cdp: CDPSession): Promise<Record<string, number>> {
  const { metrics: list } = await cdp.send('Performance.getMetrics');
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}

async function firstPaintMs(page: Page): Promise<number> {
  return Math.round(Number(await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")));
}

/** A quarter of an hour is as much as the lab keeps; nobody wants to wait for it here, so the first sample stands for those before it. */
async function pretendHistory(page: Page): Promise<void> {
  await page.route('**/api/snapshot', async (route) => {
    const response = await route.fetch();
    const snapshot = (await response.json()) as Snapshot;
    const [first] = snapshot.samples;
    const earlier = first ? Array.from({ length: keptSamples }, (_, i) => ({ ...first, atMs: first.atMs - (keptSamples - i) * 1000 })) : [];
    await route.fulfill({ response, json: { ...snapshot, samples: [...earlier, ...snapshot.samples].slice(-keptSamples) } });
  });
}

/** The chart shows all that is kept: the most work that it can have. */
async function fillTimeline(page: Page): Promise<void> {
  await page.getByLabel('Time shown').selectOption('15 min');
  await page.getByLabel('Lines', { exact: true }).selectOption('analytics by partition');
}

async function send(request: BurstRequest): Promise<void> {
  const headers = { 'content-type': 'application/json', origin: lab.url };
  await fetch(`${lab.url}/api/burst`, { method: 'POST', headers, body: JSON.stringify(request) });
}

async function sample() {
  return ((await (await fetch(`${lab.url}/api/snapshot`)).json()) as Snapshot).samples.at(-1);
}

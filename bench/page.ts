/**
 * How smooth the dashboard is while orders flow: script time per frame in a real browser, against a lab of its own.
 * `./lab node bench/page.ts [seconds] [orders/s]`, on a machine that has nothing else to do.
 */
import type { CDPSession, Page } from 'playwright-core';
import type { BurstRequest, Snapshot } from '../src/lab/api-types.ts';
import { openBrowser } from '../test/support/browser.ts';
import { startOwnLab } from '../test/support/running-lab.ts';
import { until } from '../test/support/until.ts';

const [seconds = 30, ratePerSec = 20_000] = process.argv.slice(2).map(Number);
/** A frame at 60 Hz: what a script takes longer than that is seen as a stutter (ms). */
const frameMs = 16;

await using lab = await startOwnLab();
await using browser = await openBrowser();
const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
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
  const scripts = longestScripts(trace.traceEvents);
  const share = ((after.ScriptDuration ?? 0) - (before.ScriptDuration ?? 0)) / ((after.Timestamp ?? 1) - (before.Timestamp ?? 0));
  const over = scripts.filter((ms) => ms > frameMs).length;
  const at = (quantile: number): string => (scripts[Math.floor((scripts.length - 1) * quantile)] ?? 0).toFixed(1);
  return [
    `${what}, ${forSeconds} s:`,
    `  script ${(share * 100).toFixed(1)}% of the time, heap ${Math.round((after.JSHeapUsedSize ?? 0) / 1e6)} MB`,
    `  ${scripts.length} pieces of script of 1 ms or more: median ${at(0.5)} ms, 95th ${at(0.95)} ms, 99th ${at(0.99)} ms, longest ${at(1)} ms; ${over} over ${frameMs} ms`,
  ].join('\n');
}

type TraceEvent = { name: string; ph: string; dur?: number; ts: number; tid: number; pid: number };

/** Tasks of the thread that runs the page's scripts, by the time that scripts took in each (ms, ascending, from 1 ms on). */
function longestScripts(events: readonly TraceEvent[]): number[] {
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
  for (const { ts, dur = 0 } of outer) {
    const frame = Math.floor(ts / 1000 / (1000 / 60));
    if (frame === last) frames.push((frames.pop() ?? 0) + dur / 1000);
    else frames.push(dur / 1000);
    last = frame;
  }
  return frames.filter((ms) => ms >= 1).sort((a, b) => a - b);
}

async function metrics(cdp: CDPSession): Promise<Record<string, number>> {
  const { metrics: list } = await cdp.send('Performance.getMetrics');
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}

async function firstPaintMs(page: Page): Promise<number> {
  return Math.round(Number(await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")));
}

/** The chart shows all that is kept: the most work that it can have. */
async function fillTimeline(page: Page): Promise<void> {
  await page.getByLabel('Time shown').selectOption('15 min');
  await page.getByLabel('Lines').selectOption('analytics by partition');
}

async function send(request: BurstRequest): Promise<void> {
  const headers = { 'content-type': 'application/json', origin: lab.url };
  await fetch(`${lab.url}/api/burst`, { method: 'POST', headers, body: JSON.stringify(request) });
}

async function sample() {
  return ((await (await fetch(`${lab.url}/api/snapshot`)).json()) as Snapshot).samples.at(-1);
}

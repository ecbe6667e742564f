/** What a run says while it goes on: a line per step, and on a terminal a moving line with lag and rates below them. */
import { styleText } from 'node:util';
import { type Check, formatValue } from '../../lab/report/check.ts';
import { tableLines } from '../../lab/terminal/output.ts';
import type { Step, Watcher } from './recorder.ts';
import { committedIn, endIn, lagIn, ratesOf, type Sample } from './sample.ts';

export type ProgressNames = { orders: string; inventoryGroup: string; analyticsGroup: string };

export type Progress = Watcher & { onSample: (sample: Sample) => void; line: (text: string) => void; stop: () => void };

/** A terminal gets the moving line; anything else a plain line now and then (ms). */
const plainEveryMs = 5000;
const barWidth = 20;

/**
 * @param stream where to: stderr, data goes to stdout
 * @param names topics and groups of the lab, known once it is there
 */
export function showProgress(stream: NodeJS.WriteStream, names: () => ProgressNames | undefined): Progress {
  const startMs = Date.now();
  const lately: Sample[] = [];
  let running: Step | undefined;
  let peak = 1;
  let lastPlainMs = startMs;
  const isLive = stream.isTTY === true;

  const clear = (): void => void (isLive && stream.write('\r\u001b[K'));
  const line = (text: string): void => {
    clear();
    stream.write(`${text}\n`);
  };
  const at = (): string => `${((Date.now() - startMs) / 1000).toFixed(1).padStart(6)} s `;
  const status = (): string | undefined => {
    const known = names();
    const sample = lately.at(-1);
    if (!known || !sample) return undefined;
    const { lag, text } = statusOf(lately, known);
    peak = Math.max(peak, lag);
    return `${bar(lag / peak)} ${text}`;
  };

  return {
    line,
    onStart: (step) => {
      if (step.kind === 'remark') line(`${at()} ${step.what}`);
      else running = step;
    },
    onEnd: (step) => {
      if (step.kind === 'remark') return;
      if (running === step) running = undefined;
      const mark = step.error === undefined ? styleText('green', '+', { stream }) : styleText('red', 'x', { stream });
      const result = step.error ?? step.result;
      const took = ((step.endMs ?? step.startMs) - step.startMs) / 1000;
      line(
        `${at()}${mark} ${step.what} ${styleText('dim', `(${took.toFixed(1)} s)`, { stream })}${result ? `\n           ${result}` : ''}`,
      );
    },
    onCheck: (check) => line(`${at()}${verdictMark(check, stream)} ${check.claim}: ${check.measured}`),
    onTable: ({ title, columns, rows }) => {
      line(`\n${title}`);
      for (const text of tableLines(columns, rows)) line(text);
      line('');
    },
    onSample: (sample) => {
      lately.push(sample);
      if (lately.length > 4) lately.shift();
      const text = status();
      if (text === undefined) return;
      if (isLive) {
        const moving = `${at()}  ${text}${running ? `  ${running.what}` : ''}`;
        stream.write(`\r\u001b[K${moving.slice(0, (stream.columns || 80) - 1)}`);
      } else if (Date.now() - lastPlainMs >= plainEveryMs) {
        lastPlainMs = Date.now();
        line(`${at()}  ${text}`);
      }
    },
    stop: clear,
  };
}

/** @returns the mark of a check */
export const verdictMark = ({ held }: Check, stream: NodeJS.WriteStream): string =>
  held ? styleText('green', 'held    ', { stream }) : styleText('red', 'NOT HELD', { stream });

function statusOf(samples: readonly Sample[], { orders, inventoryGroup, analyticsGroup }: ProgressNames): { lag: number; text: string } {
  const last = samples.at(-1) as Sample;
  const [inventory, analytics] = [inventoryGroup, analyticsGroup].map((group) => lagIn(last, group) ?? 0) as [number, number];
  const mean = (counter: (sample: Sample) => number | undefined): string => {
    const rates = ratesOf(samples, counter).flatMap(({ perSec }) => (perSec === undefined ? [] : [perSec]));
    return formatValue(rates.length === 0 ? 0 : Math.round(rates.reduce((sum, rate) => sum + rate, 0) / rates.length));
  };
  const text = [
    `lag inventory ${formatValue(inventory)}, analytics ${formatValue(analytics)}`,
    `in ${mean((sample) => endIn(sample, orders))}/s`,
    `decided ${mean((sample) => committedIn(sample, inventoryGroup))}/s`,
  ].join('  ');
  return { lag: inventory + analytics, text };
}

const bar = (share: number): string => {
  const filled = Math.round(Math.min(1, share) * barWidth);
  return `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}]`;
};

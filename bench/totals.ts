/** What a view says in the end: the same figures of ours and of the peer, to be compared. */
import canonicalize from 'canonicalize';
import { ReplaygroundError } from '../src/kafka/errors.ts';
import type { Metrics } from '../src/pipeline/analytics/metrics.ts';
import type { Check } from './result.ts';

export type Totals = Record<string, number>;

/** @param port of analytics-service; @returns its metrics, as far as the log alone determines them */
export async function ourTotals(port: number): Promise<Totals> {
  const metrics = await ask<Metrics>(`http://127.0.0.1:${port}/metrics`);
  return withoutZeros({
    orders: metrics.total_orders,
    decided: metrics.total_reservations,
    rejected: metrics.failed_reservations,
    failed: metrics.failed_orders,
    duplicates: metrics.duplicates_ignored,
    unreadable: metrics.dead_letters,
    ...metrics.orders_per_minute,
  });
}

/** @param port of the peer; @returns its totals under the same names */
export async function peerTotals(port: number): Promise<Totals> {
  const totals = await ask<Record<string, number>>(`http://127.0.0.1:${port}/`);
  const of = (name: string): number => totals[name] ?? 0;
  const minutes = Object.entries(totals).flatMap(([name, count]) => (name.startsWith('minute ') ? [[name.slice(7), count] as const] : []));
  return withoutZeros({
    orders: of('total_orders'),
    decided: of('reserve') + of('reject'),
    rejected: of('reject'),
    failed: of('failed_orders'),
    duplicates: of('duplicates_ignored'),
    unreadable: of('dead_letters'),
    ...Object.fromEntries(minutes),
  });
}

/** @param runs at least one; @returns whether all have the same totals */
export function equalTotals(runs: readonly { name: string; totals: Totals }[]): Check {
  const first = canonicalize(runs[0]?.totals);
  const wrong = runs.filter(({ totals }) => canonicalize(totals) !== first);
  return {
    claim: `all ${runs.length} runs ended with the same totals`,
    held: wrong.length === 0,
    detail: [...runs.slice(0, 1), ...wrong.slice(0, 3)].map(({ name, totals }) => `${name}: ${canonicalize(totals)}`).join('; '),
  };
}

async function ask<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new ReplaygroundError('bench-no-totals', `${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

const withoutZeros = (totals: Totals): Totals => Object.fromEntries(Object.entries(totals).filter(([, count]) => count !== 0));

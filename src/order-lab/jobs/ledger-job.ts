/** The ledger for the page: each order against each decision, from the log alone, and what is at the places of its findings. */

import type { Seen } from '../ledger/finding-story.ts';
import type { Finding } from '../ledger/judge-order.ts';
import { type Ledger, readLedger } from '../ledger/read-ledger.ts';
import { readPlaces } from '../ledger/read-places.ts';
import type { JobContext } from './job-context.ts';

/** So many are told with their history. */
const mostFindings = 5;

/** @throws those of `readLedger` and `readPlaces` */
export async function checkLedger({
  settings,
  inspector,
  config,
  signal,
}: JobContext): Promise<{ ledger: Ledger; told: Finding[]; seen: Seen[] }> {
  const { ordersTopic: orders, inventoryTopic: inventory, inventoryGroupId: group } = settings;
  const ledger = await readLedger({ inspector, config, topics: { orders, inventory }, group, signal, mostFindings });
  const told = ledger.findings.slice(0, 2 * mostFindings);
  const places = told.flatMap(({ records }) => records);
  return { ledger, told, seen: await readPlaces(config, places, signal) };
}

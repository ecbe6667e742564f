/** The ledger of a run as a table of its report, whatever the scenario is about. */
import { placesOf } from '../../kafka/groups/deleted-unread.ts';
import { anomalyText } from '../../lab/ledger/jepsen-words.ts';
import { formatValue } from '../../lab/report/check.ts';
import { booksText } from '../ledger/equation.ts';
import { anomalyOf } from '../ledger/finding-story.ts';
import { findingKinds } from '../ledger/judge-order.ts';
import { equationOf } from '../ledger/ledger-equation.ts';
import { type Ledger, readLedger } from '../ledger/read-ledger.ts';
import type { Table } from './recorder.ts';
import type { Rig } from './rig.ts';

const title = 'The ledger of this run, from the log alone';
const columns = ['Records', 'Count', 'What that is'];

/** @returns the table; where Kafka cannot be asked any more, it says so */
export async function ledgerOfRun({ lab, baseline }: Pick<Rig, 'lab' | 'baseline'>): Promise<Table> {
  const { ordersTopic: orders, inventoryTopic: inventory, inventoryGroupId: group } = lab.settings;
  try {
    return ledgerTable(await readLedger({ ...lab, topics: { orders, inventory }, group, from: baseline.ends }));
  } catch (error) {
    return { title, columns, rows: [['not known', '-', `the log could not be read: ${(error as Error).message}`]] };
  }
}

/** @returns one row per figure, and one per kind of finding with the first that was found */
export function ledgerTable(ledger: Ledger): Table {
  const { records, decided, duplicates, deadLettered, inFlight, found, findings } = ledger;
  const rows: [string, number, string][] = [
    ['in the orders topic', records, 'sent in this run'],
    ['decided', decided, 'different orders with a decision'],
    ['duplicates', duplicates, 'came in again'],
    ['dead-lettered', deadLettered, 'could not be read'],
    ['in flight', inFlight, 'not reached when the run ended'],
  ];
  const { deletedUnread } = ledger;
  if (deletedUnread.records > 0) rows.push(['deleted unread', deletedUnread.records, placesOf(deletedUnread.stretches)]);
  for (const finding of findings.filter((one, index) => findings.findIndex(({ kind }) => kind === one.kind) === index)) {
    const { kind, id, records } = finding;
    const places = records.map(({ what, topic, partition, offset }) => `${what} ${topic}/${partition}@${offset}`).join(', ');
    rows.push([anomalyText(anomalyOf(finding, [])), found[kind], `${findingKinds[kind]}; first: ${places}, ${id}`]);
  }
  return {
    title: `${title}: ${booksText(equationOf(ledger))}`,
    columns,
    rows: rows.map(([name, count, what]) => [name, formatValue(count), what]),
  };
}

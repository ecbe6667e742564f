/** `./lab ledger`: every order that went in against every decision that came out, from the log alone; exit 1 where they do not balance. */
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import { deletedText, placesOf } from '../../../kafka/groups/deleted-unread.ts';
import { oneLine } from '../../../kafka/one-line.ts';
import { openTransactionText } from '../../../kafka/stalls/open-transactions.ts';
import { describeShareOffsets } from '../../../lab/broker/share-groups.ts';
import { transactionOwner } from '../../../lab/broker/transaction-owner.ts';
import { abortOnInterrupt } from '../../../lab/cli/interrupt.ts';
import { anomalyText } from '../../../lab/ledger/jepsen-words.ts';
import { interrupted } from '../../../lab/terminal/exit-codes.ts';
import { print, printTable, withJson } from '../../../lab/terminal/output.ts';
import { printJson } from '../../answers/print-answer.ts';
import { type KafkaClients, openKafka } from '../../client/kafka-clients.ts';
import { findLab } from '../../client/lab-client.ts';
import { booksText } from '../../ledger/equation.ts';
import { type FindingStory, findingStory } from '../../ledger/finding-story.ts';
import { type Conflict, type Finding, findingKinds } from '../../ledger/judge-order.ts';
import { equationOf } from '../../ledger/ledger-equation.ts';
import { type NotificationBooks, readNotifications, startsOf } from '../../ledger/notifications.ts';
import { type Ledger, readLedger } from '../../ledger/read-ledger.ts';
import { readPlaces } from '../../ledger/read-places.ts';
import { isPipeline } from '../../supervisor/service-table.ts';
import { witnessOf } from '../../watch/witness.ts';
import { systemLedger } from '../system-ledger.ts';

export function register(program: Command): void {
  withJson(program.command('ledger'))
    .description('every order against every decision, from the log alone: nothing lost, nothing twice')
    .addHelpText('after', '\nExamples:\n  ./lab ledger\n  ./lab ledger --json')
    .action(ledger);
}

/** @throws ReplaygroundError `ledger-unbalanced` */
async function ledger({ json }: { json?: boolean }): Promise<void> {
  const signal = abortOnInterrupt();
  using kafka = await openKafka();
  if (!isPipeline(kafka.system)) return await systemLedger(kafka, json ?? false);
  const { ordersTopic, inventoryTopic, inventoryGroupId } = kafka.settings;
  using progress = showProgress();
  const books = await readLedger({
    ...kafka,
    topics: { orders: ordersTopic, inventory: inventoryTopic },
    group: inventoryGroupId,
    onProgress: progress.at,
    describeOpen: async (open) => openTransactionText(open, await transactionOwner(open, kafka.settings)),
    signal,
  }).catch((error: unknown) => {
    throw signal.aborted ? interrupted() : error;
  });
  progress[Symbol.dispose]();
  const equation = equationOf(books);
  const findings = await storiesOf(kafka, books.findings, signal);
  const notifications = await notificationBooks(kafka);
  if (json)
    printJson<'ledger'>({
      topics: { orders: ordersTopic, inventory: inventoryTopic },
      ...books,
      findings,
      equation: { ...equation, text: booksText(equation) },
      ...(notifications && { notifications }),
    });
  else {
    show(books, findings, ordersTopic, inventoryTopic);
    if (notifications) showNotifications(notifications);
  }
  if (books.deletedUnread.records > 0) {
    throw new ReplaygroundError(
      'ledger-unbalanced',
      `the ledger does not balance: ${deletedText(books.deletedUnread.stretches, inventoryGroupId)}`,
    );
  }
  if (books.first) throw new ReplaygroundError('ledger-unbalanced', `the ledger does not balance: ${textOf(books.first)}`);
  if (notifications?.firstNever) {
    const { topic, partition, offset } = notifications.firstNever;
    const place = `${topic} partition ${partition} offset ${offset}`;
    throw new ReplaygroundError(
      'ledger-unbalanced',
      `the ledger does not balance: ${place}: nobody was told, and the share group is past it`,
    );
  }
}

/** Each by Jepsen's name, with the least history that shows it, as far as the log and a running lab tell. */
async function storiesOf({ config, settings }: KafkaClients, findings: readonly Finding[], signal: AbortSignal): Promise<FindingStory[]> {
  if (findings.length === 0) return [];
  const places = findings.flatMap(({ records }) => records);
  const seen = await readPlaces(config, places, signal);
  const snapshot = await (await findLab(settings.labHome))?.snapshot().catch(() => undefined);
  const witness = snapshot && witnessOf(snapshot, settings.inventoryGroupId);
  return findings.map((finding) => findingStory(finding, seen, witness));
}

/** @returns undefined where notification-service was never used; where its group is is asked of Kafka's tool, and only then */
async function notificationBooks({ inspector, config, settings }: KafkaClients): Promise<NotificationBooks | undefined> {
  const { inventoryTopic, notificationsTopic, notificationGroupId } = settings;
  if ((await inspector.ask('partitionsOf', [notificationsTopic])).length === 0) return undefined;
  const startOffsets = startsOf(await describeShareOffsets(settings, notificationGroupId), inventoryTopic);
  return await readNotifications({
    inspector,
    config,
    topics: { inventory: inventoryTopic, notifications: notificationsTopic },
    startOffsets,
  });
}

function showNotifications({ decisions, toldOnce, toldAgain, repeats, rejected, waiting, never }: NotificationBooks): void {
  print();
  const rows: [string, number, string][] = [
    ['told once', toldOnce, 'by notification-service'],
    ['told again', toldAgain, `${repeats} times more than once: at least once is what it promises`],
    ['rejected', rejected, 'in the dead letters of the share group'],
    ['waiting', waiting, 'the share group is not done with them'],
    ['never told', never, 'the share group is past them'],
  ];
  printTable(['NOTIFICATIONS', 'COUNT', ''], rows);
  print();
  const sum = `${toldOnce} told once + ${toldAgain} told again + ${rejected} rejected + ${waiting} waiting`;
  if (never === 0) print(`nobody untold: ${decisions} decisions = ${sum}`);
}

function show(books: Ledger, findings: readonly FindingStory[], ordersTopic: string, inventoryTopic: string): void {
  const { records, duplicates, deadLettered, decided, inFlight, outOfReach, tookMs, found, deletedUnread } = books;
  const rows: [string, number, string][] = [
    ['records', records, `in ${ordersTopic}: ${books.orders} orders, ${duplicates} duplicates, ${books.unreadable} that are no order`],
    ['decided', decided, `by ${books.decisions} decisions in ${inventoryTopic}: ${typesText(books)}`],
    ['duplicates', duplicates, 'came in again, decided once'],
    ['dead-lettered', deadLettered, `in ${ordersTopic}.dlq`],
    ['in flight', inFlight, 'inventory-service has not reached them yet'],
  ];
  if (books.conflicting > 0)
    rows.splice(3, 0, ['  conflicting', books.conflicting, 'of these, with other contents than the first: the first decision stands']);
  if (outOfReach > 0) rows.push(['out of reach', outOfReach, 'the order or its decision is deleted from the log by now']);
  if (deletedUnread.records > 0)
    rows.push(['deleted unread', deletedUnread.records, `before inventory-service had read them: ${placesOf(deletedUnread.stretches)}`]);
  const wrong = Object.entries(found).filter(([, count]) => count > 0);
  for (const [kind, count] of wrong) rows.push([kind, count, findingKinds[kind as Finding['kind']]]);
  printTable(
    ['', 'COUNT', ''],
    rows.map(([name, count, what]) => [name, count, what]),
  );
  print();
  for (const conflict of books.conflicts) print(conflictText(conflict));
  if (books.conflicting > books.conflicts.length) print(`... and ${books.conflicting - books.conflicts.length} more conflicting orders`);
  for (const finding of findings) {
    print(`${anomalyText(finding.jepsen)}: ${textOf(finding)}`);
    print(`  ${finding.text}`);
  }
  print(`${books.balanced ? 'balanced' : 'not balanced'}: ${booksText(equationOf(books))} (read in ${(tookMs / 1000).toFixed(1)} s)`);
}

const typesText = ({ byType }: Ledger): string =>
  Object.entries(byType)
    .map(([type, count]) => `${count} ${type}`)
    .join(', ') || 'none';

/** @returns `order-events partition 1 offset 17, order lunch-3: ...` */
export const textOf = ({ kind, topic, partition, offset, id }: Omit<Finding, 'records'>): string =>
  `${topic} partition ${partition} offset ${offset}${id === '' ? '' : `, order ${oneLine(id)}`}: ${findingKinds[kind]}`;

const conflictText = ({ topic, partition, offset, id, first }: Conflict): string =>
  `${topic} partition ${partition} offset ${offset}, order ${oneLine(id)}: other contents than the first of its id, partition ${first.partition} offset ${first.offset}, which counts`;

/** A bar for people who watch; the log can be long. */
function showProgress(): Disposable & { at: (read: number, total: number) => void } {
  if (!process.stderr.isTTY) return { at: () => {}, [Symbol.dispose]: () => {} };
  const format = '{bar} {value}/{total} records, {eta_formatted} left';
  const bar = new SingleBar({ format, stream: process.stderr, clearOnComplete: true });
  let started = false;
  return {
    at: (read, total) => {
      if (!started) bar.start(total, read);
      started = true;
      bar.update(read);
    },
    [Symbol.dispose]: () => bar.stop(),
  };
}

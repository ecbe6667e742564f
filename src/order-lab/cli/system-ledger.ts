/** `./lab ledger` of a system of anybody's: the ids that came in against those that went out, ledger by ledger, from the log alone. */
import { ReplaygroundError } from '../../kafka/errors.ts';
import { firstOf, judgeLedger, type LedgerVerdict } from '../../lab/crash-test/judge/judge-ledger.ts';
import { readLogs } from '../../lab/crash-test/judge/read-logs.ts';
import { jepsenWords } from '../../lab/crash-test/judge/story.ts';
import { anomalyText } from '../../lab/ledger/jepsen-words.ts';
import { readRunningSystem } from '../../lab/systems/file/read-system.ts';
import { print, printTable } from '../../lab/terminal/output.ts';
import { printJson } from '../answers/print-answer.ts';
import type { KafkaClients } from '../client/kafka-clients.ts';

type Judged = LedgerVerdict & { from: string; to: string; deadLettered: number };

/** @throws ReplaygroundError `ledger-unbalanced`; those of `readLogs` */
export async function systemLedger({ config, inspector, settings, system: facts }: KafkaClients, json: boolean): Promise<void> {
  const { name } = facts;
  const system = readRunningSystem(facts);
  const logs = await readLogs({ config, inspector, settings, system, unreadable: new Set(), goesOn: true });
  const ledgers = logs.map((log): Judged => ({ from: log.from, to: log.to, deadLettered: log.deadLetters.length, ...judgeLedger(log) }));
  const balanced = ledgers.every(isBalanced);
  if (json)
    printJson<'ledger-system'>({
      system: name,
      balanced,
      ledgers: ledgers.map(({ findings, ...counts }) => ({
        ...counts,
        first: firstOf(findings).map((one) => ({ ...one, jepsen: jepsenWords[one.kind] })),
      })),
    });
  else for (const ledger of ledgers) show(ledger);
  if (!balanced)
    throw new ReplaygroundError('ledger-unbalanced', `the ledger does not balance: ${ledgers.map(wrongText).filter(Boolean).join('; ')}`);
}

const wrongs = ['lost', 'repeated', 'invented'] as const;

const isBalanced = (ledger: LedgerVerdict): boolean => wrongs.every((kind) => ledger[kind] === 0);

const wrongText = (ledger: Judged): string =>
  wrongs
    .filter((kind) => ledger[kind] > 0)
    .map((kind) => `${ledger[kind]} ${kind} from ${ledger.from} to ${ledger.to}`)
    .join(', ');

function show(ledger: Judged): void {
  const { from, to, ids, lost, repeated, invented, outOfOrder, unread, deadLettered } = ledger;
  printTable(
    [`${from} to ${to}`, 'COUNT', ''],
    [
      ['ids', ids, 'came in, and can be read'],
      ['lost', lost, 'read past, and in neither the output nor the dead letters'],
      ['repeated', repeated, 'came out more often than they came in'],
      ['invented', invented, 'came out, and never came in'],
      ['out of order', outOfOrder, 'came out behind a later one of their key'],
      ['dead-lettered', deadLettered, 'records in its dead-letter topics'],
      ['in flight', unread, 'not read yet'],
    ],
  );
  for (const { kind, id, inputs, outputs } of firstOf(ledger.findings)) {
    const at = [...inputs, ...outputs].map(({ topic, partition, offset }) => `${topic}/${partition}@${offset}`);
    print(`${anomalyText(jepsenWords[kind])} ${id}: ${at.join(', ')}`);
  }
  if (isBalanced(ledger)) print(`balanced: ${ids} ids, ${unread} in flight`);
}

/** Whose transaction it is that others wait for: the JavaScript client cannot ask (KIP-664), Kafka's own tool can. */
import type { OpenTransaction, TransactionOwner } from '../../kafka/stalls/open-transactions.ts';
import type { SecuritySettings } from './tool-config.ts';
import { runKafkaTool } from './tools.ts';

export type ToolSettings = SecuritySettings & { kafkaBrokers?: string | undefined; labCache?: string | undefined };

/**
 * Three runs of the tool, each with a JVM of its own: some seconds.
 * @param open where the transaction stands
 * @param settings where Kafka is
 * @returns its owner, as far as the tool tells; undefined where it cannot be asked: no Java, no right, over by now
 */
export async function transactionOwner(
  { topic, partition, offset }: OpenTransaction,
  settings: ToolSettings,
): Promise<TransactionOwner | undefined> {
  const { kafkaBrokers = '', labCache } = settings;
  const address = { brokers: kafkaBrokers, security: settings, ...(labCache === undefined ? {} : { cacheDir: labCache }) };
  const run = async (...args: string[]): Promise<Row[]> => tableRows((await runKafkaTool('transactions', args, address)).stdout);
  try {
    const producers = await run('describe-producers', '--topic', topic, '--partition', String(partition));
    const producerId = producers.find((row) => row.CurrentTransactionStartOffset === String(offset))?.ProducerId;
    if (producerId === undefined) return undefined;
    const transactionalId = (await run('list')).find((row) => row.ProducerId === producerId)?.TransactionalId;
    if (transactionalId === undefined) return { producerId };
    const [about] = await run('describe', '--transactional-id', transactionalId);
    return {
      producerId,
      transactionalId,
      ...numberIn('startedMs', about?.CurrentTransactionStartTimeMs),
      ...numberIn('timeoutMs', about?.TransactionTimeoutMs),
    };
  } catch {
    return undefined;
  }
}

type Row = { [column: string]: string };

/**
 * @param text a table as Kafka's tools print it: a line of names, columns ended by tabs
 * @returns its rows
 */
export function tableRows(text: string): Row[] {
  const [names = [], ...rows] = text
    .split('\n')
    .filter((line) => line.includes('\t'))
    .map((line) => line.split('\t').map((cell) => cell.trim()));
  return rows.map((cells) => Object.fromEntries(names.flatMap((name, index) => (name === '' ? [] : [[name, cells[index] ?? '']]))));
}

const numberIn = <Name extends string>(name: Name, text: string | undefined): { [key in Name]?: number } =>
  (text !== undefined && /^\d+$/.test(text) ? { [name]: Number(text) } : {}) as { [key in Name]?: number };

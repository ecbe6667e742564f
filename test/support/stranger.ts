/** A foreign transactional producer that leaves its transaction open, as a program that hangs does. */
import kafka from '@confluentinc/kafka-javascript';
import { brokers, closeProducer, uniqueName } from './kafka.ts';

/**
 * @param topic where the transaction writes one record
 * @param partition of the topic
 * @param timeoutMs after which the broker itself aborts it (ms)
 * @param at addresses of the Kafka, by default that of the test run
 * @returns its transactional id, and a way to end it
 */
export async function openTransaction(
  topic: string,
  partition: number,
  timeoutMs = 900_000,
  at = brokers(),
): Promise<AsyncDisposable & { transactionalId: string; abort: () => Promise<void> }> {
  const transactionalId = uniqueName('stranger');
  const producer = new kafka.Producer({
    'bootstrap.servers': at,
    'transactional.id': transactionalId,
    'transaction.timeout.ms': timeoutMs,
    'linger.ms': 0,
    dr_cb: true,
    log_level: 0,
  } as never);
  await called((done) => producer.connect({}, done));
  await called((done) => producer.initTransactions(60_000, done));
  await called((done) => producer.beginTransaction(done));
  const written = new Promise<void>((resolve, reject) => {
    producer.on('delivery-report', (error) => (error ? reject(error) : resolve()));
  });
  producer.setPollInterval(10);
  producer.produce(topic, partition, Buffer.from('open'), 'open');
  await written;
  let isOpen = true;
  const abort = async (): Promise<void> => {
    isOpen = false;
    await called((done) => producer.abortTransaction(60_000, done));
  };
  return {
    transactionalId,
    abort,
    [Symbol.asyncDispose]: async () => {
      if (isOpen) await abort().catch(() => {});
      await closeProducer(producer);
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: the client's callbacks differ in their types, not in their form
const called = (start: (done: (error: any) => void) => unknown): Promise<void> =>
  new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });

/** A plain member of a consumer group that shares nothing with the code under test. */
import kafka from '@confluentinc/kafka-javascript';
import { brokers } from './kafka.ts';

/**
 * Joins a group and stays until it is disposed of.
 * @returns once partitions are assigned; nothing is committed
 */
export async function joinGroup(group: string, topic: string): Promise<AsyncDisposable> {
  const assigned = Promise.withResolvers<void>();
  const consumer = new kafka.KafkaConsumer(
    {
      'bootstrap.servers': brokers(),
      'group.id': group,
      'client.id': 'plain-member',
      'enable.auto.commit': false,
      rebalance_cb: true,
      log_level: 0,
    } as never,
    {} as never,
  );
  consumer.on('rebalance', (_error, partitions) => {
    if (partitions.length > 0) assigned.resolve();
  });
  await new Promise<void>((resolve, reject) => consumer.connect({ timeout: 60_000 }, (error) => (error ? reject(error) : resolve())));
  consumer.setDefaultConsumeTimeout(50);
  consumer.subscribe([topic]);
  consumer.consume();
  await assigned.promise;
  return { [Symbol.asyncDispose]: () => new Promise((resolve) => consumer.disconnect(() => resolve())) };
}

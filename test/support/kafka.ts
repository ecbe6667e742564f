/** The Kafka that the tests run against: the runner starts one per run and names it in KAFKA_BROKERS. Every test has topics of its own. */
import { randomBytes } from 'node:crypto';
import kafka from '@confluentinc/kafka-javascript';
import type { IAdminClient, KafkaConsumer, Message, Metadata, Producer } from '@confluentinc/kafka-javascript/types/rdkafka.js';

/** @returns `host:port[,host:port]` */
export function brokers(): string {
  const { KAFKA_BROKERS } = process.env;
  if (!KAFKA_BROKERS) throw new Error('these tests need a Kafka: run them by ./lab test, or set KAFKA_BROKERS');
  return KAFKA_BROKERS;
}

/** @returns a name that no other test has, for topics, groups and transactional ids */
export const uniqueName = (prefix: string): string => `${prefix}-${randomBytes(5).toString('hex')}`;

/**
 * @param prefix start of the name
 * @returns the name of a new topic, ready for use
 */
export async function createTopic(prefix: string, partitions = 3, config: Record<string, string> = {}): Promise<string> {
  const topic = uniqueName(prefix);
  await createTopicNamed(topic, partitions, config);
  return topic;
}

/** Makes a topic of a given name. */
export const createTopicNamed = (topic: string, partitions = 3, config: Record<string, string> = {}): Promise<void> =>
  withAdmin((admin) =>
    called((done) => admin.createTopic({ topic, num_partitions: partitions, replication_factor: 1, config }, 60_000, done)),
  );

/** Deletes topics, when a test is about their absence. */
export const deleteTopic = (topic: string): Promise<void> =>
  withAdmin((admin) => called<void>((done) => admin.deleteTopic(topic, 60_000, done)));

/** Gives a topic more partitions. */
export const growTopic = (topic: string, partitions: number): Promise<void> =>
  withAdmin((admin) => called<void>((done) => admin.createPartitions(topic, partitions, 60_000, done)));

/** Deletes the records of a partition before an offset, as retention does. */
export const deleteBefore = (topic: string, partition: number, offset: number): Promise<void> =>
  withAdmin((admin) => called<void>((done) => admin.deleteRecords([{ topic, partition, offset }], {}, done)));

/** Runs something with an admin client of its own. */
export async function withAdmin<T>(use: (admin: IAdminClient) => Promise<T>): Promise<T> {
  const admin = kafka.AdminClient.create({ 'bootstrap.servers': brokers(), log_level: 0 } as never);
  try {
    return await use(admin);
  } finally {
    admin.disconnect();
  }
}

/**
 * Reads a topic from its beginning to its end with a consumer that shares nothing with the code under test.
 * @param topic what to read
 * @param options read committed unless told otherwise
 * @returns the records, in the order of each partition
 */
export async function readAll(
  topic: string,
  { isolation = 'read_committed' }: { isolation?: 'read_committed' | 'read_uncommitted' } = {},
): Promise<Message[]> {
  const consumer: KafkaConsumer = new kafka.KafkaConsumer(
    {
      'bootstrap.servers': brokers(),
      'group.id': uniqueName('reader'),
      'enable.auto.commit': false,
      'enable.partition.eof': true,
      'isolation.level': isolation,
      'check.crcs': true,
      'fetch.wait.max.ms': 10,
      log_level: 0,
    } as never,
    { 'auto.offset.reset': 'earliest' } as never,
  );
  try {
    const metadata = await called<Metadata>((done) => consumer.connect({ topic, timeout: 60_000 }, done));
    const partitions = metadata.topics.find(({ name }) => name === topic)?.partitions ?? [];
    const open = new Set(partitions.map(({ id }) => id));
    consumer.on('partition.eof', ({ partition }) => open.delete(partition));
    consumer.assign([...open].map((partition) => ({ topic, partition, offset: 0 })));
    consumer.setDefaultConsumeTimeout(50);
    // Not in the client's types: otherwise a batch waits this long after each record.
    (consumer as unknown as { setDefaultIsTimeoutOnlyForFirstMessage(on: boolean): void }).setDefaultIsTimeoutOnlyForFirstMessage(true);
    const records: Message[] = [];
    const end = Date.now() + 90_000;
    while (open.size > 0) {
      if (Date.now() > end) throw new Error(`could not read ${topic} to its end: partitions ${[...open].join(', ')} are left`);
      for (const record of await called<Message[]>((done) => consumer.consume(1000, done))) records.push(record);
    }
    return records;
  } finally {
    await called<unknown>((done) => consumer.disconnect(done)).catch(() => {});
  }
}

/** @returns the leader of each partition, -1 where there is none */
export async function leadersOf(topic: string, servers = brokers()): Promise<number[]> {
  const producer = new kafka.Producer({ 'bootstrap.servers': servers, log_level: 0 } as never);
  try {
    await called((done) => producer.connect({ timeout: 10_000 }, done));
    const { topics } = await called<Metadata>((done) => producer.getMetadata({ topic, timeout: 5000 }, done));
    return topics.find(({ name }) => name === topic)?.partitions.map(({ leader }) => leader) ?? [];
  } finally {
    await closeProducer(producer);
  }
}

/**
 * Ends a producer of the client. Its interval must not poll meanwhile: another thread deletes what it polls, which now and then ends the
 * whole process ("pure virtual method called").
 */
export async function closeProducer(producer: Producer): Promise<void> {
  producer.setPollInterval(0);
  await called((done) => producer.disconnect(done));
}

// biome-ignore lint/suspicious/noExplicitAny: the client's callbacks differ in their types, not in their form
function called<T>(start: (done: (error: any, value?: any) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => (error ? reject(error) : resolve(value)));
  });
}

/** @returns a record's headers as one object; the last of equal names */
export const headersOf = ({ headers = [] }: Message): Record<string, string> =>
  Object.fromEntries(headers.flatMap((header) => Object.entries(header).map(([name, value]) => [name, value.toString()])));

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageHeader } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { deadLetter } from '../../../src/kafka/dead-letters/build-letter.ts';
import { deadLetterInfo, ownHeaders } from '../../../src/kafka/dead-letters/read-letter-headers.ts';
import { headerPairs } from '../../../src/kafka/record/headers.ts';

const header = (name: string, value: Buffer | string): MessageHeader => ({ [name]: Buffer.from(value as string) });
const int = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const long = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
};
const own = header('own', '1');
const where = ({ writer, topic, partition, offset, reason, message, group }: ReturnType<typeof deadLetterInfo>) => [
  ...[writer, topic, partition, offset],
  ...[reason, message, group],
];

test('the headers of Kafka Connect are understood, as DeadLetterQueueReporter writes them', () => {
  const headers = [
    own,
    header('__connect.errors.topic', 'orders'),
    header('__connect.errors.partition', '2'),
    header('__connect.errors.offset', '4294967296'),
    header('__connect.errors.connector.name', 'sink'),
    header('__connect.errors.task.id', '0'),
    header('__connect.errors.stage', 'VALUE_CONVERTER'),
    header('__connect.errors.class.name', 'org.apache.kafka.connect.json.JsonConverter'),
    header('__connect.errors.exception.class.name', 'org.apache.kafka.connect.errors.DataException'),
    { '__connect.errors.exception.message': null as never },
    header('__connect.errors.exception.stacktrace', 'at ...'),
  ];
  const reason = 'org.apache.kafka.connect.errors.DataException';
  assert.deepEqual(where(deadLetterInfo({ headers })), ['connect', 'orders', 2, 4294967296, reason, undefined, 'sink']);
  assert.deepEqual(ownHeaders({ headers }), headerPairs([own]));
});

test('the headers of Kafka Streams are understood, as ExceptionHandlerUtils writes them (KIP-1034)', () => {
  const headers = [
    own,
    header('__streams.errors.exception', 'java.lang.IllegalArgumentException: no'),
    header('__streams.errors.stacktrace', 'at ...'),
    header('__streams.errors.message', 'no'),
    header('__streams.errors.topic', 'orders'),
    header('__streams.errors.partition', '1'),
    header('__streams.errors.offset', '17'),
  ];
  const reason = 'java.lang.IllegalArgumentException: no';
  assert.deepEqual(where(deadLetterInfo({ headers })), ['streams', 'orders', 1, 17, reason, 'no', undefined]);
  assert.deepEqual(ownHeaders({ headers }), headerPairs([own]));
});

test('the headers of Spring are understood: a partition in 4 bytes, an offset in 8', () => {
  const headers = [
    own,
    header('kafka_dlt-original-topic', 'orders'),
    header('kafka_dlt-original-partition', int(2)),
    header('kafka_dlt-original-offset', long(2 ** 40)),
    header('kafka_dlt-original-timestamp', long(1_700_000_000_000)),
    header('kafka_dlt-original-timestamp-type', 'CreateTime'),
    header('kafka_dlt-original-consumer-group', 'billing'),
    header('kafka_dlt-exception-fqcn', 'org.springframework.kafka.listener.ListenerExecutionFailedException'),
    header('kafka_dlt-exception-cause-fqcn', 'java.lang.IllegalStateException'),
    header('kafka_dlt-exception-message', 'Listener failed'),
    header('kafka_dlt-exception-stacktrace', 'at ...'),
  ];
  const reason = 'java.lang.IllegalStateException';
  assert.deepEqual(where(deadLetterInfo({ headers })), ['spring', 'orders', 2, 2 ** 40, reason, 'Listener failed', 'billing']);
  assert.deepEqual(ownHeaders({ headers }), headerPairs([own]));
});

test('a number in bytes that are none is not known', () => {
  const headers = [
    header('kafka_dlt-original-topic', 'orders'),
    header('kafka_dlt-original-partition', '2'),
    header('kafka_dlt-original-offset', '17'),
  ];
  const { topic, partition, offset } = deadLetterInfo({ headers });
  assert.deepEqual([topic, partition, offset], ['orders', undefined, undefined]);
  assert.equal(deadLetterInfo({ headers: [own] }).writer, undefined);
});

test('the last who wrote headers wrote the letter, whatever the record carried before', () => {
  const claims = [header('__replayground.errors.topic', 'elsewhere'), header('kafka_dlt-original-topic', 'elsewhere')];
  const record = { topic: 'orders', partition: 1, offset: 5, key: null, value: null, size: 0, headers: [...claims, own] };
  const ours = deadLetter(record, { reason: 'tombstone', message: 'none' }, 'g', new Date(0));
  assert.deepEqual(where(deadLetterInfo(ours)).slice(0, 4), ['replayground', 'orders', 1, 5]);
  assert.deepEqual(ownHeaders(ours), headerPairs(record.headers));
  const connect = [...claims, own, header('__connect.errors.topic', 'orders'), header('__connect.errors.partition', '2')];
  assert.deepEqual(where(deadLetterInfo({ headers: connect })).slice(0, 3), ['connect', 'orders', 2]);
  assert.deepEqual(ownHeaders({ headers: connect }), headerPairs([...claims, own]));
});

test('the headers of the broker are understood, of a letter of a share group (KIP-1191)', () => {
  const letter = (message: string, count: string): MessageHeader[] => [
    own,
    header('__dlq.errors.topic', 'events'),
    header('__dlq.errors.partition', '2'),
    header('__dlq.errors.offset', '17'),
    header('__dlq.errors.group', 'workers'),
    header('__dlq.errors.delivery.count', count),
    header('__dlq.errors.message', message),
  ];
  const rejected = letter('Offset rejected by client.', '1');
  assert.deepEqual(where(deadLetterInfo({ headers: rejected })), [
    ...['share-group', 'events', 2, 17],
    ...['rejected', 'Offset rejected by client.', 'workers'],
  ]);
  assert.deepEqual(ownHeaders({ headers: rejected }), headerPairs([own]));
  const failed = deadLetterInfo({ headers: letter('Offset delivery count exceeded the threshold.', '5') });
  assert.deepEqual([failed.reason, failed.deliveryCount], ['delivery-count', 5]);
});

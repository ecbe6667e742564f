import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BatchWriter } from '../../../src/kafka/bridge/batch-writer.ts';
import { sharesOf, spanContextOf } from '../../../src/kafka/telemetry/trace-context.ts';
import { received } from '../../support/bridge.ts';

const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];

test('a traceparent is read as the specification says, and what is none is none', () => {
  assert.deepEqual(spanContextOf(`00-${traceId}-${spanId}-01`), { traceId, spanId, traceFlags: 1, isRemote: true });
  assert.equal(spanContextOf(`00-${traceId}-${spanId}-02`)?.traceFlags, 0, 'flags that are not known are not passed on');
  // A later version may have more behind.
  assert.equal(spanContextOf(`cc-${traceId}-${spanId}-01-what-will-come`)?.traceId, traceId);
  const none = [
    '',
    `ff-${traceId}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId}`,
  ];
  assert.deepEqual(
    none.map((text) => spanContextOf(text)),
    none.map(() => undefined),
  );
});

test('a batch is linked to each context once, by topic, whatever else stands in its headers', () => {
  const headers = fc.option(fc.constantFrom(`00-${traceId}-${spanId}-01`, `00-${traceId}-${'1'.repeat(16)}-01`, 'garbage'), {
    nil: undefined,
  });
  fc.assert(
    fc.property(fc.array(fc.record({ topic: fc.nat(1), header: headers }), { minLength: 1, maxLength: 20 }), (records) => {
      const batch = new BatchWriter();
      for (const { topic, header } of records) {
        batch.write({ topic, partition: topic, key: 'k', value: null, headers: header === undefined ? [] : [['traceparent', header]] });
      }
      for (const [topic, { count, partitions, links }] of sharesOf(received(batch, ['orders', 'decisions']))) {
        const own = records.filter((one) => ['orders', 'decisions'][one.topic] === topic);
        const contexts = new Set(own.flatMap(({ header }) => (header?.startsWith('00-') ? header.split('-')[2] : [])));
        assert.deepEqual([count, partitions.size], [own.length, 1]);
        assert.deepEqual(
          links.map(({ context }) => context.spanId),
          [...contexts],
        );
      }
    }),
  );
});

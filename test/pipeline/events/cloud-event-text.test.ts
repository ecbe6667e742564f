/** The short way into a batch writes what the general one does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BatchWriter } from '../../../src/kafka/bridge/batch-writer.ts';
import { cloudEventText } from '../../../src/pipeline/events/cloud-event-text.ts';
import { cloudEventPairs } from '../../../src/pipeline/events/cloud-events.ts';

test('an ASCII record has the bytes, the places and the headers that the general way gives it', () => {
  const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 127 });
  const textOf = cloudEventText('OrderPlaced', '/replayground/order-service');
  const createdAt = '2026-11-25T20:30:00.000Z';
  const traced = fc.constantFrom(undefined, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
  const [short, general] = [new BatchWriter(), new BatchWriter()];
  fc.assert(
    fc.property(ascii, ascii, ascii, fc.option(fc.nat(100), { nil: null }), traced, (eventId, key, value, partition, traceparent) => {
      short.writeAscii(1, partition, key, value, textOf(eventId, createdAt, traceparent));
      const pairs = cloudEventPairs({ eventId, eventType: 'OrderPlaced', createdAt }, '/replayground/order-service', traceparent);
      general.write({ topic: 1, partition, key, value, headers: pairs });
      assert.deepEqual(short.fields.subarray(0, short.count * 7), general.fields.subarray(0, general.count * 7));
      assert.ok(short.bytes.subarray(0, short.length).equals(general.bytes.subarray(0, general.length)));
    }),
  );
});

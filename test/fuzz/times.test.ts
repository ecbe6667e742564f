/** Property-based: whatever time a plan, a replay or a tail is to go to, it goes to the first record at or after it, as the log holds them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc, { type Arbitrary } from 'fast-check';
import { clientConfig } from '../../src/kafka/client/client-config.ts';
import { KafkaInspector } from '../../src/kafka/groups/inspector.ts';
import { readFacts } from '../../src/kafka/offsets/facts.ts';
import { planReset } from '../../src/kafka/offsets/plan.ts';
import { parseDuration, parseTarget } from '../../src/kafka/offsets/target.ts';
import { connectForWatermarks } from '../../src/kafka/reading/read-to-end.ts';
import { parseFrom } from '../../src/order-lab/cli/tail-arguments.ts';
import { replayRanges } from '../../src/pipeline/analytics/replay-start.ts';
import { createTopic, uniqueName } from '../support/kafka.ts';
import { orderRecord, produceAll } from '../support/produce.ts';
import { testSettings } from '../support/settings.ts';
import { fuzzRuns } from './runs.ts';

const [firstYear, lastYear] = [Date.parse('0001-01-01T00:00:00.000Z'), Date.parse('9999-12-31T23:59:59.999Z')];
/** Times of the records, partition by partition: not in order, some twice, the first moments of 1970, far ahead. */
const recordTimes = [
  [1, 2, 999, 1000, 1000, 86_400_000],
  [1_700_000_000_000, 1_700_000_000_123, 1_600_000_000_000, 1_700_000_000_123, 4_000_000_000_000],
  [],
];
const now = 1_764_000_000_000;

const aRecord = fc.constantFrom(...recordTimes.flat());
const moment: Arbitrary<number> = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: firstYear, max: lastYear }) },
  { weight: 3, arbitrary: fc.integer({ min: -2000, max: 2000 }) },
  { weight: 3, arbitrary: fc.tuple(aRecord, fc.integer({ min: -2, max: 2 })).map(([at, by]) => at + by) },
  { weight: 1, arbitrary: fc.constantFrom(firstYear, lastYear, -1, -2, -3, -4, 0) },
);

/** The same moment as people write it. */
const written: Arbitrary<{ text: string; at: number }> = fc
  .tuple(moment, fc.constantFrom('Z', '', '+00:00', '-0000'), fc.constantFrom('T', ' '), fc.constantFrom('', '9', '000'))
  .map(([at, zone, between, more]) => ({ at, text: `${new Date(at).toISOString().slice(0, -1).replace('T', between)}${more}${zone}` }));

const digits = fc.oneof(fc.nat(100), fc.nat(), fc.bigInt({ min: 0n, max: 10n ** 40n })).map(String);
const duration: Arbitrary<string> = fc
  .tuple(fc.option(digits), fc.option(digits), fc.option(digits), fc.option(fc.tuple(digits, fc.option(fc.nat(999_999_999)))))
  .filter((parts) => parts.some((part) => part !== null))
  .map(([days, hours, minutes, seconds]) => {
    const [whole, fraction] = seconds ?? [];
    const time = [hours && `${hours}H`, minutes && `${minutes}M`, whole && `${whole}${fraction ? `.${fraction}` : ''}S`].join('');
    return `P${days ? `${days}D` : ''}${time ? `T${time}` : ''}`;
  });

test('a duration ends at a whole millisecond that is not before 1970 and not after now', () => {
  fc.assert(
    fc.property(duration, (byDuration) => {
      const target = parseTarget({ byDuration }, now, () => '', 'g');
      assert.ok(target.kind === 'time' && Number.isSafeInteger(target.atMs) && target.atMs >= 0 && target.atMs <= now, byDuration);
      const length = parseDuration(byDuration);
      if (length > now) assert.equal(target.atMs, 0, byDuration);
      else assert.ok(Math.abs(now - target.atMs - length) < 1, byDuration);
    }),
    fuzzRuns(5000),
  );
});

test('every time leads to the first record at or after it, by plan, replay and tail alike', async () => {
  const topic = await createTopic('times', recordTimes.length, { 'message.timestamp.after.max.ms': String(2n ** 63n - 1n) });
  const timed = recordTimes.flatMap((times, partition) =>
    times.map((timestamp, index) => ({ ...orderRecord(`${partition}-${index}`), partition, timestamp })),
  );
  await produceAll(topic, timed);
  const config = clientConfig(testSettings(), 'times');
  using inspector = new KafkaInspector(config);
  await using askEnds = await connectForWatermarks(config);
  const ends = recordTimes.map((times, partition) => ({ topic, partition, offset: times.length }));
  const group = uniqueName('times');
  /** -1: there is none. */
  const firstAt = (at: number): number[] => recordTimes.map((times) => times.findIndex((time) => time >= at));
  const orEnd = (offsets: number[]): number[] => offsets.map((offset, index) => (offset < 0 ? (ends[index]?.offset ?? 0) : offset));
  const planned = async (options: { toDatetime: string } | { byDuration: string }) => {
    const target = parseTarget(options, now, () => '', group);
    const facts = await readFacts(inspector, group, target, [{ topic, partitions: undefined }], false);
    return planReset(target, facts).rows.map(({ newOffset }) => newOffset);
  };

  await fc.assert(
    fc.asyncProperty(written, async ({ text, at }) => {
      const first = firstAt(at);
      // An empty partition has no first record at any time, and its beginning is its end.
      assert.deepEqual(await planned({ toDatetime: text }), orEnd(first), `plan ${text}`);
      const ranges = await replayRanges(askEnds, text, ends);
      assert.deepEqual(
        ranges.map(({ from }) => from),
        orEnd(first),
        `replay ${text}`,
      );
      const from = parseFrom(text);
      assert.ok('at' in from, text);
      const answers = await inspector.ask('offsets', ends, from.at);
      assert.deepEqual(orEnd(answers.map(({ offset }) => offset ?? Number.NaN)), orEnd(first), `tail ${text}`);
    }),
    { ...fuzzRuns(100), endOnFailure: true },
  );
  await fc.assert(
    fc.asyncProperty(duration, async (byDuration) => {
      assert.deepEqual(await planned({ byDuration }), orEnd(firstAt(now - parseDuration(byDuration))), byDuration);
    }),
    { ...fuzzRuns(50), endOnFailure: true },
  );
});

/** Property-based: a file for `offsets plan --from-file` is read whole or refused whole, and the refusal names the first line that is wrong. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc, { type Arbitrary } from 'fast-check';
import type { ReplaygroundError } from '../../src/kafka/errors.ts';
import { parseOffsets } from '../../src/kafka/offsets/csv.ts';
import { fuzzRuns } from './runs.ts';

const group = 'g';

/** A line, and what it says: `null` for nothing, `undefined` where it is wrong. */
type Line = { text: string; says: { of: string; topic: string; partition: number; offset: number } | null | undefined };

const topic = fc.constantFrom('orders', 'order-events', 'a.b_c', '0', 'topic', '__proto__');
const whole = fc.oneof(fc.nat(20), fc.nat(), fc.maxSafeNat());
const offset = fc.oneof({ weight: 5, arbitrary: whole }, { weight: 1, arbitrary: fc.constantFrom(-1, -7) });
/** As people, spreadsheets and Kafka's tool write a column. */
const written = (text: string | number): Arbitrary<string> =>
  fc.constantFrom(`${text}`, ` ${text}`, `${text} `, `"${text}"`, `\t${text}`, `${text}`);
const joined = (columns: readonly (string | number)[]): Arbitrary<string> =>
  fc.tuple(...columns.map(written)).map((texts) => texts.join(','));

const right: Arbitrary<Line> = fc.tuple(fc.option(fc.constantFrom(group, 'other', 'G')), topic, whole, offset).chain(([of, ...columns]) =>
  joined(of === null ? columns : [of, ...columns]).map((text) => {
    const [name, partition, at] = columns;
    return { text, says: { of: of ?? group, topic: name, partition, offset: at } };
  }),
);

const empty: Arbitrary<Line> = fc.constantFrom('', ' ', '\t', '   ').map((text) => ({ text, says: null }));

const noNumber = fc.oneof(
  fc.constantFrom('', '-', 'x', '1.5', '1e3', '0x10', '1_000', "1'000", '١', 'null', 'NaN', 'Infinity', '9007199254740993', '- 1', '+'),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }).map(String),
);
const wrong: Arbitrary<Line> = fc
  .oneof(
    fc.tuple(topic, noNumber, offset).map((columns) => columns.join(',')),
    fc.tuple(topic, whole, noNumber).map((columns) => columns.join(',')),
    fc.tuple(topic, fc.integer({ max: -1 }), offset).map((columns) => columns.join(',')),
    fc.tuple(topic, whole, offset, fc.constantFrom(';', '\t', '|', ' ')).map(([a, b, c, between]) => [a, b, c].join(between)),
    fc.tuple(topic, whole, offset, fc.constantFrom(',', ',,', ', x', ',,,,')).map(([a, b, c, more]) => `${[a, b, c].join(',')}${more}`),
    fc.tuple(whole, offset).map((columns) => `,${columns.join(',')}`),
    fc.tuple(topic, whole, offset).map((columns) => `,${columns.join(',')}`),
    fc.tuple(topic, whole).map((columns) => columns.join(',')),
    topic,
    fc.constantFrom('TOPIC,PARTITION,NEW-OFFSET', 'GROUP,TOPIC,PARTITION,NEW-OFFSET', 'topic,partition,offset', '# a comment', ',,', ','),
  )
  .map((text) => ({ text, says: undefined }));

const file = fc.tuple(
  fc.array(fc.oneof({ weight: 12, arbitrary: right }, { weight: 3, arbitrary: empty }, { weight: 1, arbitrary: wrong }), { maxLength: 12 }),
  fc.constantFrom('\n', '\r\n'),
  fc.boolean(),
  fc.boolean(),
);

test('a file of offsets is read whole, or refused with the first line that is wrong', () => {
  fc.assert(
    fc.property(file, ([lines, lineEnd, endsInLineEnd, hasMark]) => {
      const text = `${hasMark ? '\ufeff' : ''}${lines.map((line) => line.text).join(lineEnd)}${endsInLineEnd ? lineEnd : ''}`;
      const said = lines.flatMap(({ says }) => says ?? []);
      const ours = said.filter(({ of }) => of === group).map(({ of: _, ...one }) => one);
      const places = ours.map((one) => `${one.topic}/${one.partition}`);
      const firstWrong = lines.findIndex(({ says }) => says === undefined);
      const read = () => parseOffsets(text, group);
      const refused = (message: RegExp) => (error: ReplaygroundError) =>
        error.code === 'usage' && message.test(error.message) && !error.message.includes('\n');
      if (firstWrong >= 0) assert.throws(read, refused(new RegExp(`^line ${firstWrong + 1} of the file .*: .+`)), text);
      else if (ours.length === 0) assert.throws(read, refused(/no offset for the group 'g'/), text);
      else if (new Set(places).size < places.length) assert.throws(read, refused(/twice/), text);
      else {
        const { offsets, warnings } = read();
        assert.deepEqual(offsets, ours, text);
        assert.equal(warnings.length, said.length === ours.length ? 0 : 1, text);
      }
    }),
    fuzzRuns(5000),
  );
});

test('whatever is in a file, it is offsets or a refusal of one line', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc
      .array(fc.constantFrom('orders', ',', '"', '\n', '\r', ';', '0', '1', ' ', '\ufeff', '\0'), { maxLength: 40 })
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(anything, (text) => {
      try {
        const { offsets } = parseOffsets(text, group);
        for (const one of offsets) assert.ok(one.topic !== '' && Number.isSafeInteger(one.partition) && Number.isSafeInteger(one.offset));
      } catch (error) {
        const { code, message } = error as ReplaygroundError;
        assert.equal(code, 'usage', JSON.stringify(text));
        assert.doesNotMatch(message, /[\r\n]/, JSON.stringify(text));
      }
    }),
    fuzzRuns(5000),
  );
});

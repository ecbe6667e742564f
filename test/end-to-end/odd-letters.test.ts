/** Dead letters that the broker, or a header of the record, would have kept from being written: both services. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { deadLetterInfo } from '../../src/kafka/dead-letters/read-letter-headers.ts';
import { headerPairs } from '../../src/kafka/record/headers.ts';
import { createTopicNamed, headersOf, readAll, uniqueName } from '../support/kafka.ts';
import { type PlainRecord, produceAll } from '../support/produce.ts';
import { newPipeline, type Pipeline, type ServiceFolder, ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';

const roomy = { 'max.message.bytes': '30000000', 'message.timestamp.after.max.ms': '9223372036854775807' };
/** More than the dead-letter topic takes, and nothing that packs well. */
const large = randomBytes(2_500_000).toString('base64');
const ahead = Date.now() + 400 * 86_400_000;

for (const [folder, kind] of [
  ['inventory', 'orders'],
  ['analytics', 'inventory'],
] as const satisfies [ServiceFolder, string][]) {
  describe(`${folder}-service`, () => {
    let pipeline: Pipeline;
    let source: string;

    before(async () => {
      [source, pipeline] = [uniqueName(kind), await newPipeline()];
      await createTopicNamed(source, 3, roomy);
      // Smaller than ours, and without our tolerance of odd times.
      await createTopicNamed(`${source}.dlq`, 1, { 'max.message.bytes': '1500000' });
      pipeline.env[kind === 'orders' ? 'ORDERS_TOPIC' : 'INVENTORY_TOPIC'] = source;
    });
    after(() => pipeline[Symbol.dispose]());

    const letters = (count: number, service: ServiceProcess): Promise<Message[]> =>
      until(
        async () => {
          assert.equal(service.child.exitCode, null, service.output);
          const found = await readAll(`${source}.dlq`);
          return found.length >= count && found;
        },
        { what: `${count} letters` },
      );
    const offsetsOf = (found: Message[]) => found.map((letter) => deadLetterInfo(letter).offset).sort((a, b) => Number(a) - Number(b));

    it('writes one letter of each record, whatever its headers claim, it weighs, or its time is', async () => {
      const claims = {
        '__replayground.errors.topic': source,
        '__replayground.errors.partition': '0',
        '__replayground.errors.offset': '999',
      };
      const records: PlainRecord[] = [
        { key: 'claims', value: 'no event', headers: claims },
        { key: 'plain', value: 'no event' },
        { key: 'large', value: large },
        { key: 'ahead', value: 'no event', timestamp: ahead },
        { key: 'proto', value: 'no event', headers: JSON.parse('{"first":"1","__proto__":"x"}') },
      ];
      // A stranger's record that says it is the letter of the last one.
      const forged = { ...claims, '__replayground.errors.offset': '4' };
      if (folder === 'analytics') await produceAll(`${source}.dlq`, [{ key: 'proto', value: 'forged', headers: forged }]);
      const strangers = folder === 'analytics' ? 1 : 0;
      await produceAll(
        source,
        records.map((record) => ({ ...record, partition: 0 })),
      );
      await using service = await ServiceProcess.start(folder, pipeline);
      const found = (await letters(records.length + strangers, service)).slice(strangers);
      assert.deepEqual(offsetsOf(found), [0, 1, 2, 3, 4]);
      const letterOf = (key: string): Message => found.find((one) => String(one.key) === key) as Message;
      const cut = letterOf('large');
      assert.equal(deadLetterInfo(cut).cut?.size, large.length);
      assert.ok(cut.value !== null && large.startsWith(String(cut.value)) && cut.value.length > 900_000);
      assert.deepEqual(
        [deadLetterInfo(letterOf('ahead')).recordTime, deadLetterInfo(letterOf('plain')).recordTime],
        [String(ahead), undefined],
      );
      assert.deepEqual(headerPairs(letterOf('proto').headers).slice(0, 2), [
        ['first', Buffer.from('1')],
        ['__proto__', Buffer.from('x')],
      ]);
      assert.equal(headersOf(letterOf('plain'))['__replayground.errors.reason'], 'bad-json');
    });

    it('writes none of them again in its next life, and goes on', async () => {
      const before = (await readAll(`${source}.dlq`)).length;
      await produceAll(source, [{ key: 'next', value: 'no event', partition: 0 }]);
      const env = { ...pipeline.env, ANALYTICS_GROUP_ID: uniqueName('analytics-again') };
      await using service = await ServiceProcess.start(folder, { ...pipeline, env });
      const found = await letters(before + 1, service);
      assert.equal(String(found.find((letter) => deadLetterInfo(letter).offset === 5)?.key), 'next');
    });
  });
}

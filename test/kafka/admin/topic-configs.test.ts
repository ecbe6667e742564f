import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import { KafkaInspector } from '../../../src/kafka/groups/inspector.ts';
import { createTopic, uniqueName } from '../../support/kafka.ts';
import { testSettings } from '../../support/settings.ts';
import { until } from '../../support/until.ts';

const inspector = new KafkaInspector(clientConfig(testSettings(), 'test'));
after(() => inspector[Symbol.dispose]());

test('the broker tells how topics are configured and where each value comes from, what was set for the topic first', async () => {
  const topic = await createTopic('configured', 1, { 'retention.ms': '60000', 'cleanup.policy': 'compact,delete' });
  const plain = await createTopic('plain', 1);
  const [one, other] = await until(
    async () => {
      const answers = await inspector.ask('topicConfigs', [topic, plain, topic]);
      return answers.every(({ error }) => error === undefined) && answers;
    },
    { what: 'the broker knows the new topics' },
  );
  assert.deepEqual(
    [one?.topic, one?.error, one?.configs.slice(0, 2)],
    [
      topic,
      undefined,
      [
        { name: 'cleanup.policy', value: 'compact,delete', from: 'topic' },
        { name: 'retention.ms', value: '60000', from: 'topic' },
      ],
    ],
  );
  const retention = other?.configs.filter(({ name }) => name.startsWith('retention.'));
  assert.deepEqual(retention, [
    { name: 'retention.bytes', value: '-1', from: 'broker' },
    { name: 'retention.ms', value: '-1', from: 'broker' },
  ]);
});

test('a topic that is not there has an error of its own, and no topic no answer', async () => {
  const [topic, nowhere] = [await createTopic('there', 1), uniqueName('nowhere')];
  const [one, other] = await until(
    async () => {
      const answers = await inspector.ask('topicConfigs', [nowhere, topic]);
      return answers[1]?.error === undefined && answers;
    },
    { what: 'the broker knows the new topic' },
  );
  assert.deepEqual([one?.topic, one?.configs, other?.topic], [nowhere, [], topic]);
  assert.match(one?.error ?? '', /unknown topic/i);
  assert.deepEqual(await inspector.ask('topicConfigs', []), []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTopicConfigs } from '../../../src/lab/api/parse-topic-configs.ts';

const printed = `All configs for topic order-events are:
  cleanup.policy=delete sensitive=false synonyms={DEFAULT_CONFIG:log.cleanup.policy=delete}
  leader.replication.throttled.replicas= sensitive=false synonyms={}
  retention.ms=-1 sensitive=false synonyms={STATIC_BROKER_CONFIG:log.retention.ms=-1, DEFAULT_CONFIG:log.retention.hours=168}
  max.message.bytes=99 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:max.message.bytes=99, DEFAULT_CONFIG:message.max.bytes=1048588}
All configs for topic lab-settings are:
  cleanup.policy=compact,delete sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:cleanup.policy=compact,delete}
`;

test("what Kafka's tool prints becomes settings, those of the topic first, each with where it comes from", () => {
  assert.deepEqual(parseTopicConfigs(printed), {
    'order-events': [
      { name: 'max.message.bytes', value: '99', from: 'topic' },
      { name: 'retention.ms', value: '-1', from: 'broker' },
      { name: 'cleanup.policy', value: 'delete', from: 'default' },
      { name: 'leader.replication.throttled.replicas', value: '', from: 'default' },
    ],
    'lab-settings': [{ name: 'cleanup.policy', value: 'compact,delete', from: 'topic' }],
  });
});

test('a warning before it, or nothing at all, is no setting', () => {
  assert.deepEqual(parseTopicConfigs('WARN something\n'), {});
});

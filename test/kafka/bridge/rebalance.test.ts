/** Members of a group share its partitions between batches, by each protocol: every record is read once, whoever comes and goes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BridgeConsumer } from '../../../src/kafka/bridge/bridge-consumer.ts';
import { BridgeProducer } from '../../../src/kafka/bridge/bridge-producer.ts';
import type { BridgeConfig } from '../../../src/kafka/bridge/load.ts';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import { KafkaInspector } from '../../../src/kafka/groups/inspector.ts';
import { bridgeConfig, limits, readerConfig, textRecords } from '../../support/bridge.ts';
import { createTopic, uniqueName } from '../../support/kafka.ts';
import { testSettings } from '../../support/settings.ts';
import { until } from '../../support/until.ts';

const partitions = 6;

/** A member that commits what it read before it gives partitions up. */
class Member implements AsyncDisposable {
  readonly owned = new Set<number>();
  readonly protocols = new Set<string>();
  readonly #consumer: BridgeConsumer;
  readonly #positions = new Map<number, number>();
  readonly #topic: string;
  readonly #keys: string[];
  #stopped = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(config: BridgeConfig, topic: string, keys: string[]) {
    this.#consumer = new BridgeConsumer(readerConfig(config));
    this.#topic = topic;
    this.#keys = keys;
  }

  async join(): Promise<void> {
    await this.#consumer.subscribe([this.#topic]);
    this.#loop = this.#run();
    this.#loop.catch(() => {});
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const batch = await this.#consumer.consume({ ...limits, untilEnd: false, withinMs: 50 });
      for (let i = 0; i < batch.count; i++) {
        assert.ok(this.owned.has(batch.partition(i)), 'a record of a partition that is not owned');
        this.#keys.push(String(batch.key(i)));
        this.#positions.set(batch.partition(i), batch.offset(i) + 1);
      }
      for (const step of batch.rebalances) {
        this.protocols.add(step.protocol);
        assert.equal(step.lost, false);
        if (step.kind === 'revoke') await this.#commit();
        await this.#consumer.answer(step);
        for (const { partition } of step.partitions) {
          if (step.kind === 'assign') this.owned.add(partition);
          else this.owned.delete(partition);
        }
      }
    }
    await this.#commit();
  }

  async #commit(): Promise<void> {
    const offsets = [...this.#positions].map(([partition, offset]) => ({ topic: this.#topic, partition, offset, metadata: 'by a member' }));
    this.#positions.clear();
    if (offsets.length > 0) await this.#consumer.commit(offsets);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    try {
      await this.#loop;
    } finally {
      this.owned.clear();
      await this.#consumer.close();
    }
  }
}

const cases: [string, BridgeConfig, string][] = [
  ['eager', { 'partition.assignment.strategy': 'range' }, 'EAGER'],
  ['cooperative', { 'partition.assignment.strategy': 'cooperative-sticky' }, 'COOPERATIVE'],
  ['the new protocol (KIP-848)', { 'group.protocol': 'consumer' }, 'COOPERATIVE'],
];

describe('a group of three', { concurrency: true }, () => {
  for (const [name, config, protocol] of cases) {
    it(`shares six partitions, ${name}`, async () => {
      const topic = await createTopic('rebalance', partitions);
      await using producer = new BridgeProducer(bridgeConfig());
      const keys: string[] = [];
      const group = { 'group.id': uniqueName('group'), ...config };
      const [one, two, three] = [0, 1, 2].map(() => new Member(group, topic, keys)) as [Member, Member, Member];
      await using members = new AsyncDisposableStack();
      const share = (among: Member[]) =>
        until(() => among.every(({ owned }) => owned.size === partitions / among.length), {
          what: `${among.length} members share ${partitions} partitions: ${among.map(({ owned }) => [...owned])}`,
        });
      const send = (prefix: string) => producer.produce(textRecords(producer, topic, prefix, 600), 5000);

      await one.join();
      await share([one]);
      await send('a');
      await two.join();
      await three.join();
      members.use(two);
      members.use(three);
      await send('b');
      await share([one, two, three]);
      await send('c');
      await one[Symbol.asyncDispose]();
      await share([two, three]);
      await send('d');
      await until(() => keys.length >= 2400, { what: 'all records are read' });
      assert.equal(new Set(keys).size, 2400);
      assert.equal(keys.length, 2400);
      for (const member of [one, two, three]) assert.deepEqual([...member.protocols], [protocol]);
    });
  }

  it('tells a member that was thrown out that its partitions are lost', async () => {
    const topic = await createTopic('rebalance', 2);
    const group = uniqueName('group');
    const config = {
      'group.id': group,
      'max.poll.interval.ms': 6000,
      'session.timeout.ms': 6000,
      'heartbeat.interval.ms': 500,
    };
    await using consumer = new BridgeConsumer(readerConfig(config));
    await consumer.subscribe([topic]);
    const next = async (kind: string) => {
      for (;;) {
        const { rebalances, errors } = await consumer.consume({ ...limits, untilEnd: false });
        const step = rebalances.find((one) => one.kind === kind);
        if (step) return { step, errors };
      }
    };
    await consumer.answer((await next('assign')).step);
    // Not asked for anything for longer than max.poll.interval.ms.
    using inspector = new KafkaInspector(clientConfig(testSettings(), 'test'));
    const isOut = async () => (await inspector.ask('describeGroup', group)).members.length === 0;
    await until(isOut, { what: 'the silent member is out of the group' });
    const { step } = await next('revoke');
    assert.equal(step.lost, true);
    await consumer.answer(step);
  });
});

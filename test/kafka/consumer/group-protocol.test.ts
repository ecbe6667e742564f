/** The exactly-once loop in the group protocol of KIP-848: members come, leave, are killed and stand still, and nothing is lost or there twice. */
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import { protocolUnknown } from '../../../src/kafka/consumer/group-protocol.ts';
import { readGroup } from '../../../src/kafka/groups/group-state.ts';
import { KafkaInspector } from '../../../src/kafka/groups/inspector.ts';
import { createTopic, readAll, uniqueName } from '../../support/kafka.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { testSettings } from '../../support/settings.ts';
import { until } from '../../support/until.ts';

const partitions = 6;
const perRound = 600;
const copierFile = join(import.meta.dirname, '..', 'fixtures', 'copier.ts');

/** Processes that copy one topic to another, as members of one group. */
class Copiers implements AsyncDisposable {
  readonly #from: string;
  readonly #to: string;
  readonly #group = uniqueName('copiers');
  readonly #inspector = new KafkaInspector(clientConfig(testSettings(), 'test'));
  readonly #running = new Set<ChildProcess>();
  #started = 0;
  #sent = 0;
  /** What the members wrote to stderr: why they ended. */
  said = '';

  constructor(from: string, to: string) {
    this.#from = from;
    this.#to = to;
  }

  start(): ChildProcess {
    this.#started += 1;
    const args = [this.#from, this.#to, this.#group, 'exactly-once', 'none', 'consumer', `${this.#group}-${this.#started}`];
    const child = fork(copierFile, args, {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child.stderr?.on('data', (chunk) => (this.said += chunk));
    this.#running.add(child);
    void once(child, 'exit').then(() => this.#running.delete(child));
    return child;
  }

  /** Ends a member by a signal; settles when it is gone. */
  async end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
    const exited = once(child, 'exit');
    child.kill(signal);
    return (await exited)[0];
  }

  /** Returns when so many members share all partitions. */
  async shared(members: number): Promise<void> {
    const what = `${members} members share ${partitions} partitions`;
    await until(
      async () => {
        const state = await readGroup(this.#inspector, this.#group);
        const owned = state.members.map((member) => member.partitions.length);
        assert.equal(state.type, 'Consumer');
        return owned.length === members && owned.every((count) => count === partitions / members) && state.state === 'Stable';
      },
      { what: `${what}; ${this.said}` },
    );
  }

  async send(): Promise<void> {
    await produceAll(this.#from, orderRecords(`o${this.#sent}`, perRound));
    this.#sent += perRound;
  }

  /** All that was sent was copied, once. */
  async copied(): Promise<void> {
    const keys = await until(
      async () => {
        const read = (await readAll(this.#to)).map(({ key }) => String(key));
        return read.length >= this.#sent ? read : undefined;
      },
      { what: 'all is copied' },
    );
    assert.equal(new Set(keys).size, this.#sent, 'nothing is lost');
    assert.equal(keys.length, this.#sent, 'nothing is there twice');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running].map((child) => this.end(child, 'SIGKILL')));
    this.#inspector[Symbol.dispose]();
  }
}

it('a Kafka that does not speak it is told from other troubles, with the way out', () => {
  const fatal = 'Fatal error: Broker: API version not supported: ConsumerGroupHeartbeat fatal error: Broker: API version not supported';
  assert.match(protocolUnknown(fatal)?.message ?? '', /GROUP_PROTOCOL=classic/);
  assert.equal(protocolUnknown('Broker: Group authorization failed'), undefined);
});

const newCopiers = async () => new Copiers(await createTopic('protocol-in', partitions), await createTopic('protocol-out', partitions));

describe('the consumer protocol', { concurrency: true }, () => {
  it('loses nothing and repeats nothing while members come, leave and are killed', async () => {
    await using copiers = await newCopiers();
    const first = copiers.start();
    await copiers.shared(1);
    await copiers.send();
    const second = copiers.start();
    const third = copiers.start();
    await copiers.send();
    await copiers.shared(3);
    await copiers.send();
    assert.equal(await copiers.end(first, 'SIGTERM'), 0, copiers.said);
    await copiers.send();
    await copiers.shared(2);
    await copiers.end(second, 'SIGKILL');
    await copiers.send();
    await copiers.shared(1);
    await copiers.send();
    await copiers.copied();
    assert.equal(await copiers.end(third, 'SIGTERM'), 0, copiers.said);
    assert.equal(copiers.said, '');
  });

  it('a member that stood still writes nothing of what others have taken over', async () => {
    await using copiers = await newCopiers();
    const zombie = copiers.start();
    copiers.start();
    await copiers.shared(2);
    await copiers.send();
    zombie.kill('SIGSTOP');
    await copiers.send();
    await copiers.shared(1);
    await copiers.copied();
    zombie.kill('SIGCONT');
    await copiers.send();
    await copiers.copied();
  });
});

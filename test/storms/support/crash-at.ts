/**
 * Loaded into a service before it starts (`--import`): at a named call of the bridge the process ends, or is told to. So a crash hits the very
 * gap that a safeguard is there for, and not by luck. A transaction is made step by step then, so that each of its steps is such a call.
 *
 * CRASH_AT = `before producer.commit 3`: SIGKILL when it is called for the third time, before Kafka hears of it.
 * `after ...`: SIGKILL once Kafka has done it, before the service hears of it. `term ...`: SIGTERM, then the call goes on. `freeze ...`:
 * SIGSTOP, and the call goes on once somebody sends SIGCONT.
 */
import { BridgeConsumer } from '../../../src/kafka/bridge/bridge-consumer.ts';
import { BridgeProducer } from '../../../src/kafka/bridge/bridge-producer.ts';

type Call = (...args: unknown[]) => Promise<unknown>;

const [when, method = '', nth = '1'] = (process.env.CRASH_AT ?? '').split(' ');
const [owner = '', name = ''] = method.split('.');
const prototypes = { consumer: BridgeConsumer.prototype, producer: BridgeProducer.prototype } as unknown as Record<
  string,
  Record<string, Call>
>;

BridgeProducer.prototype.transact = async function stepByStep(batch, offsets, consumer, withinMs) {
  await this.begin();
  await this.send(batch, withinMs);
  if (consumer) await this.sendOffsets(offsets, consumer, withinMs);
  await this.commit(withinMs);
};

const prototype = prototypes[owner];
const original = prototype?.[name];
if (!prototype || !original) throw new Error(`CRASH_AT names no call of the bridge: ${method}`);
let calls = 0;
prototype[name] = async function crashing(this: unknown, ...args) {
  calls += 1;
  if (calls !== Number(nth)) return await original.apply(this, args);
  const signal = { before: 'SIGKILL', term: 'SIGTERM', freeze: 'SIGSTOP' }[when ?? ''];
  if (signal) process.kill(process.pid, signal);
  const answer = await original.apply(this, args);
  if (when === 'after') process.kill(process.pid, 'SIGKILL');
  return answer;
};

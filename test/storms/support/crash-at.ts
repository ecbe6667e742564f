/**
 * Loaded into a service before it starts (`--import`): at a named call of the Kafka client the process ends, or is told to. So a crash
 * hits the very gap that a safeguard is there for, and not by luck.
 *
 * CRASH_AT = `before commitTransaction 3`: SIGKILL when it is called for the third time, before Kafka hears of it.
 * `after ...`: SIGKILL once Kafka has done it, before the service hears of it. `term ...`: SIGTERM, then the call goes on. `freeze ...`:
 * SIGSTOP, and the call goes on once somebody sends SIGCONT.
 */
import kafka from '@confluentinc/kafka-javascript';

type Call = (...args: unknown[]) => unknown;

const [when, method = '', nth = '1'] = (process.env.CRASH_AT ?? '').split(' ');
const die = (): void => void process.kill(process.pid, 'SIGKILL');
let calls = 0;

for (const owner of [kafka.Producer.prototype, kafka.KafkaConsumer.prototype] as unknown as Record<string, Call>[]) {
  const original = owner[method];
  if (!original) continue;
  owner[method] = function crashing(this: unknown, ...args: unknown[]) {
    calls += 1;
    if (calls !== Number(nth)) return original.apply(this, args);
    if (when === 'before') return die();
    if (when === 'term') process.kill(process.pid, 'SIGTERM');
    if (when === 'freeze') process.kill(process.pid, 'SIGSTOP');
    return original.apply(this, when === 'after' ? [...args.slice(0, -1), die] : args);
  };
}

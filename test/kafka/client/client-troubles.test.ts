import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClientTroubles, lastingMs, outageQuietMs, quietMs } from '../../../src/kafka/client/client-troubles.ts';
import type { ClientWord } from '../../../src/kafka/client/client-words.ts';

const refused = (name: string, more = '', address = 'ipv4#10.0.0.2:9092') => ({
  level: 3,
  code: -195,
  facility: '',
  text: `${name}: Connect to ${address} failed: Connection refused (after 0ms in state CONNECT${more})`,
});
const down = { level: 3, code: -187, facility: '', text: '1/1 brokers are down' };
const warning = (text: string) => ({ level: 4, code: 0, facility: 'REQTMOUT', text });
const suppressed = ', 31 identical error(s) suppressed';

/** Hears words at times (ms). @returns what was said, with when */
function heard(words: readonly (readonly [at: number, word: ClientWord])[], end: number): string[] {
  const troubles = new ClientTroubles();
  const said: string[] = [];
  let next = 0;
  for (let now = 0; now <= end; now += 500) {
    const all = troubles.look(now);
    for (; words[next] && (words[next]?.[0] ?? 0) <= now; next += 1) {
      const [, word] = words[next] ?? [];
      if (word) all.push(...troubles.hear(word, now));
    }
    said.push(...all.map(({ kind, text }) => `${now} ${kind} ${text}`));
  }
  return said;
}

describe('what the clients say', () => {
  it('of Kafka being away is said once with its cause, and that it is over', () => {
    const seconds = Array.from({ length: 60 }, (_, second) => [second * 1000, down] as const);
    const follows = warning('k:9092/1: Timed out 2 in-flight requests');
    const words = [[0, refused('k:9092/1')] as const, ...seconds.flatMap((one) => [one, [one[0], follows] as const])];
    const text = 'no broker can be reached: k:9092/1: Connect to ipv4#10.0.0.2:9092 failed: Connection refused';
    assert.deepEqual(heard(words, 120_000), [`${lastingMs} lasts ${text}`, `${59_000 + outageQuietMs + 500} over ${text}`]);
  });

  it('of what is soon over is not said', () => {
    const words = [[0, refused('k:9092/1')] as const, [0, down] as const, [2000, down] as const];
    assert.deepEqual(heard([...words, [31_000, refused('k:9092/1')], [31_000, down]], 120_000), []);
    assert.deepEqual(heard([[0, warning('k:9092/1: Timed out 1 in-flight request')]], 120_000), []);
  });

  it('of one broker of several is said when it is told again, whatever the broker is called', () => {
    const words = [
      [0, refused('k:9092/2')] as const,
      [30_000, refused('GroupCoordinator: k:9092', suppressed, 'ipv6#[::1]:9092')] as const,
      [60_000, refused('[thrd:k:9092/2]: k:9092/2', suppressed)] as const,
    ];
    const [lasts, over, ...more] = heard(words, 200_000);
    assert.match(lasts ?? '', /^30000 lasts GroupCoordinator: k:9092: Connect to .* failed: Connection refused$/);
    assert.ok(over?.startsWith(`${60_000 + quietMs + 500} over k`), over);
    assert.deepEqual(more, []);
    const two = ['a:9092/1', 'b:9093/2'].map((name) => [0, refused(name)] as const);
    const again = two.map(([, word]) => [30_000, word] as const);
    assert.equal(heard([...two, ...again], 40_000).length, 2);
  });

  it('is said again with another cause, each cause once', () => {
    const unknown = { level: 3, code: -193, facility: '', text: "k:9092/bootstrap: Failed to resolve 'k:9092': Name or service not known" };
    const words = Array.from({ length: 40 }, (_, second) => [
      [second * 1000, second % 20 < 10 ? refused('k:9092/1') : unknown] as const,
      [second * 1000, down] as const,
    ]).flat();
    const said = heard(words, 39_000);
    assert.deepEqual(
      said.map((line) => line.split(' ').slice(0, 2).join(' ')),
      ['5000 lasts', '10000 changed'],
    );
  });

  it('below a warning is not said', () => {
    const words = [0, 10_000].map((at) => [at, { level: 6, code: 0, facility: 'FAIL', text: 'k:9092/1: Disconnected' }] as const);
    assert.deepEqual(heard(words, 20_000), []);
  });
});

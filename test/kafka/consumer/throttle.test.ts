import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Clock, Pacer } from '../../../src/kafka/consumer/throttle.ts';

const limits = { maxRecords: 1000, withinMs: 100 };
const maxRecords = (throttleMs: number) => new Pacer(limits).begin(throttleMs).maxRecords;
const never = new AbortController().signal;

/** A clock that only goes on when somebody waits or says so. */
class TestClock implements Clock {
  readonly #lateMs: number;
  #now = 1_000_000;

  constructor({ timersLateByMs }: { timersLateByMs: number }) {
    this.#lateMs = timersLateByMs;
  }

  now = (): number => this.#now;
  wait = async (ms: number): Promise<void> => this.pass(ms + this.#lateMs);

  pass(ms: number): void {
    this.#now += ms;
  }
}

describe('the pace of a batch', () => {
  it('is full speed without a throttle', () => assert.equal(maxRecords(0), 1000));
  it('fits the pauses into the commit interval', () => assert.equal(maxRecords(10), 10));
  it('is one record where a single pause is longer than that', () => assert.equal(maxRecords(2000), 1));
  it('is never more than without a throttle', () => assert.equal(maxRecords(0.01), 1000));

  it('waits as long as the records may take, in all, also where commits and timers take time of their own', async () => {
    const lateMs = 7;
    const clock = new TestClock({ timersLateByMs: lateMs });
    const pacer = new Pacer(limits, clock);
    await pacer.begin(10).slowDown(10, never);
    const start = clock.now();
    for (let batch = 0; batch < 4; batch++) {
      const pace = pacer.begin(10);
      // What a commit would take.
      clock.pass(20);
      await pace.slowDown(10, never);
    }
    // Each batch makes up for the one before, so only the last timer shows.
    assert.equal(clock.now() - start, 400 + lateMs);
  });

  it('makes up for no more than one commit interval', async () => {
    const clock = new TestClock({ timersLateByMs: 0 });
    const pacer = new Pacer(limits, clock);
    await pacer.begin(10).slowDown(10, never);
    clock.pass(300);
    const start = clock.now();
    await pacer.begin(10).slowDown(20, never);
    assert.equal(clock.now() - start, 100);
  });

  it('ends at once when told to stop', async () => {
    const stop = new AbortController();
    const waiting = new Pacer(limits).begin(60_000).slowDown(1, stop.signal);
    stop.abort();
    await waiting;
  });
});

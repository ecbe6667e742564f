import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { StallWatch } from '../../../src/kafka/stalls/stall-watch.ts';

const unread = { topic: 't', partition: 2, end: 7 };
const some = async () => unread;
const none = async () => undefined;

test('a client is stalled when there was something twice, and nothing came in between', async () => {
  mock.timers.enable({ apis: ['Date'] });
  try {
    const watch = new StallWatch(100);
    const silent = (answer: typeof some | typeof none) => {
      mock.timers.tick(100);
      return watch.check(answer);
    };
    await watch.check(() => Promise.reject(new Error('asked too early')));
    for (const answer of [none, some, none, some]) await silent(answer);
    watch.heard();
    await silent(some);
    await assert.rejects(silent(some), { code: 'stalled', message: 't/2 has records up to 7, but the client gives none' });
  } finally {
    mock.timers.reset();
  }
});

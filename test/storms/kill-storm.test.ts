/** Services killed and frozen at random while orders come in, three instances of analytics among them; the long form is ./lab run crash-storm. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { groupProtocols } from '../../src/kafka/consumer/group-protocol.ts';
import { orderRecords, produceAll } from '../support/produce.ts';
import { newPipeline } from '../support/service-process.ts';
import { allTell, balanced, sameAfterReplay } from './support/books.ts';
import { KeptAlive } from './support/kept-alive.ts';
import { stormSeed } from './support/storm-seed.ts';

const faults = 8;
const ordersBetween = 150;

// Side by side, since a storm mostly waits.
describe('services are killed and frozen at random under load: nothing is lost, nothing decided twice, every instance tells the same digest', {
  concurrency: true,
}, () => {
  for (const protocol of groupProtocols) {
    it(`by the group protocol ${protocol}`, async (t) => {
      const random = stormSeed(t);
      using pipeline = await newPipeline({ CONSUMER_THROTTLE_MS: '1', GROUP_PROTOCOL: protocol });
      await using stack = new AsyncDisposableStack();
      const start = async (folder: 'inventory' | 'analytics', instance: number) =>
        stack.use(await KeptAlive.start(folder, pipeline, instance));
      const inventory = await Promise.all([1, 2].map((instance) => start('inventory', instance)));
      const analytics = await Promise.all([1, 2, 3].map((instance) => start('analytics', instance)));
      const services = [...inventory, ...analytics];
      let sent = 0;
      const send = async (): Promise<void> => {
        await produceAll(pipeline.ordersTopic, orderRecords(`o${sent}`, ordersBetween));
        sent += ordersBetween;
      };
      await send();
      const thaws: Promise<void>[] = [];
      for (let fault = 0; fault < faults; fault += 1) {
        const { child } = random.pick(services).current;
        if (random.whole(1, 4) === 1) {
          child.kill('SIGSTOP');
          // Longer than the session of a member, 6 s.
          thaws.push(delay(random.whole(6500, 9000)).then(() => void child.kill('SIGCONT')));
        } else child.kill('SIGKILL');
        for (let left = random.whole(1, 4); left > 0; left -= 1) {
          await send();
          await delay(random.whole(100, 400));
        }
      }
      await Promise.all(thaws);
      const books = await balanced(pipeline, sent);
      const { digest } = await sameAfterReplay(random.pick(analytics), books);
      await allTell(analytics, digest);
      const lives = services.reduce((sum, service) => sum + service.lives, 0);
      t.diagnostic(`${faults} faults, ${sent} orders, ${lives} lives of ${services.length} processes`);
      assert.equal(books.records, sent);
    });
  }
});

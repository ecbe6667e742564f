import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { test } from 'node:test';
import getPort from 'get-port';
import { brokers, createTopicNamed, deleteTopic, readAll } from '../../support/kafka.ts';
import { runOrderService } from '../../support/order-service.ts';
import { until } from '../../support/until.ts';

const order = { orderId: 'o-1', items: [{ sku: 'soup', qty: 1 }] };

test('while Kafka is away an order is answered 503 with its id at once, and accepted by itself once Kafka is there', async () => {
  const port = await getPort();
  await using service = await runOrderService({ kafkaBrokers: `127.0.0.1:${port}` });
  const health = await service.get('/health');
  assert.equal(health.status, 503);
  assert.notEqual(health.body.kafka, 'up');

  const startedAt = Date.now();
  const refused = await service.post('/produce', order);
  assert.ok(Date.now() - startedAt < 1000);
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get('retry-after'), '1');
  assert.equal(refused.headers.get('content-type'), 'application/problem+json; charset=utf-8');
  assert.equal(refused.body.orderId, 'o-1');

  // Bootstrapping through this port is enough: from there on the client knows the brokers themselves.
  const [host, kafkaPort] = (brokers().split(',')[0] as string).split(':') as [string, string];
  const proxy = createServer((socket) => {
    const upstream = connect(Number(kafkaPort), host);
    socket.pipe(upstream).pipe(socket);
    const ends = [socket, upstream];
    for (const end of ends) {
      end.on('error', () => {});
      // A connection that is reset ends no pipe: what is left of it would keep this process alive.
      end.on('close', () => {
        for (const one of ends) one.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => proxy.listen(port, '127.0.0.1', resolve));
  proxy.unref();
  await service.healthy();
  assert.equal((await service.post('/produce', order)).status, 200);
  assert.equal((await readAll(service.topic)).length, 1);
  proxy.close();
});

test('a topic that is gone is told, with what to do, and used again once it is back', async () => {
  await using service = await runOrderService();
  await service.healthy();
  assert.equal((await service.post('/produce', order)).status, 200);
  await deleteTopic(service.topic);
  const health = await until(
    async () => {
      const answer = await service.get('/health');
      return answer.status === 503 && answer;
    },
    { what: 'the missing topic is noticed' },
  );
  assert.match(String(health.body.status), new RegExp(`no topic ${service.topic}.*lab up`));
  const { status, body } = await service.post('/produce', order);
  assert.equal(status, 503);
  assert.match(String(body.detail), /no topic/);

  await createTopicNamed(service.topic);
  await service.healthy();
  const again = await service.post('/produce', order);
  assert.deepEqual([again.status, again.body.offset], [200, 0]);
});

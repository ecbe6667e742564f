/** Kafka goes away for a while: what its clients say of that is in the log of each service once, not every second. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Broker, startBroker } from '../../src/lab/broker/start.ts';
import { newPipeline, type Pipeline, ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';

type Line = { level: string; msg: string };

const linesOf = ({ output }: ServiceProcess): Line[] =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line));

describe('Kafka away for a while', () => {
  const home = mkdtempSync(join(tmpdir(), 'replayground-away-'));
  const { KAFKA_BROKERS } = process.env;
  let kafka: Broker;
  let pipeline: Pipeline;
  before(async () => {
    // It is killed, so it is one of its own.
    kafka = await startBroker({ home, port: 0 });
    process.env.KAFKA_BROKERS = kafka.brokers;
    pipeline = await newPipeline();
  });
  after(async () => {
    process.env.KAFKA_BROKERS = KAFKA_BROKERS;
    pipeline?.[Symbol.dispose]();
    await kafka?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('is said once by each service, with the cause, and that it is over', async () => {
    await using inventory = await ServiceProcess.start('inventory', pipeline);
    await using analytics = await ServiceProcess.start('analytics', pipeline);
    await using orders = await ServiceProcess.start('orders', pipeline);
    const services = [inventory, analytics, orders];
    await until(async () => (await orders.get('/health')).status === 'ok', { what: 'order-service is healthy' });
    const { port } = kafka;
    kafka.kill();
    await kafka.exited;

    const away = /no broker can be reached|Kafka does not answer/;
    const isOver = /^Kafka client: no longer: no broker|^Kafka is up$/;
    const count = (service: ServiceProcess, words: RegExp, level: string) =>
      linesOf(service).filter((line) => line.level === level && words.test(line.msg)).length;
    await until(() => services.every((service) => count(service, away, 'warn') > 0), { what: 'each service says it' });
    kafka = await startBroker({ home, port });

    await until(() => services.every((service) => count(service, isOver, 'info') > (service === orders ? 1 : 0)), {
      what: 'each service says that it is over',
    });
    for (const service of [inventory, analytics])
      assert.equal(count(service, /no broker .*: Connection refused$/, 'warn'), 1, service.output);
    for (const service of services) {
      const warned = linesOf(service).filter(({ level, msg }) => level === 'warn' && /kafka|broker/i.test(msg));
      assert.equal(warned.length, 1, JSON.stringify(warned, null, 1));
      assert.equal(service.child.exitCode, null, service.output);
    }
  });
});

/** A broker that sends its clients on to a name that does not resolve: one line with the cause and the way out, from services and verbs. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import { freePort } from '../../src/lab/broker/ports.ts';
import { type Broker, startBroker } from '../../src/lab/broker/start.ts';
import { Worker } from '../../src/order-lab/jobs/worker.ts';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';
import { newCli } from '../support/run-cli.ts';
import { testSettings } from '../support/settings.ts';
import { until } from '../support/until.ts';

describe('an advertised name that does not resolve', { concurrency: true }, () => {
  const home = mkdtempSync(join(tmpdir(), 'replayground-advertised-'));
  let kafka: Broker;
  let words: RegExp;
  before(async () => {
    const port = await freePort();
    const advertised = `nowhere.invalid:${port}`;
    kafka = await startBroker({ home, port, extra: { 'advertised.listeners': `PLAINTEXT://${advertised}` } });
    words = new RegExp(`Kafka answers at 127\\.0\\.0\\.1:${port}, but sends its clients on to ${advertised}.*advertised\\.listeners`);
  });
  after(async () => {
    await kafka?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const start = (service: string) => {
    const env = {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      KAFKA_BROKERS: kafka.brokers,
      LAB_HOME: join(home, service),
      ORDER_SERVICE_PORT: '0',
      ANALYTICS_SERVICE_PORT: '0',
    };
    const options = { env, extendEnv: false, reject: false, forceKillAfterDelay: 2000 };
    return execa(process.execPath, [join(projectRoot, 'src', service, 'main.ts')], options);
  };

  for (const service of ['inventory', 'analytics']) {
    it(`ends ${service} with it`, async () => {
      const { exitCode, stdout } = await start(service);
      assert.equal(exitCode, 1);
      const fatal = stdout.split('\n').filter((line) => line.includes('"fatal"'));
      assert.equal(fatal.length, 1, stdout);
      assert.match(fatal[0] ?? '', words);
    });
  }

  it('is told by order-service', async () => {
    const orders = start('orders');
    let output = '';
    orders.stdout.on('data', (chunk) => (output += chunk));
    try {
      await until(() => words.test(output), { what: 'order-service tells it' });
    } finally {
      orders.kill('SIGKILL');
      await orders;
    }
  });

  it('is told by what works for the page', async () => {
    using worker = new Worker(() => testSettings({ kafkaBrokers: kafka.brokers }), 60_000);
    assert.match((await worker.run('whySilent', undefined)) ?? '', words);
  });

  it('is told by the verbs', async () => {
    using cli = newCli({ KAFKA_BROKERS: kafka.brokers });
    for (const verb of [['lag'], ['ledger']] as const) {
      const { exitCode, stderr } = await cli.run(...verb);
      assert.equal(exitCode, 1);
      assert.match(stderr, words, verb[0]);
    }
  });
});

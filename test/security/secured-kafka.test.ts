import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { clientConfig } from '../../src/kafka/client/client-config.ts';
import { sendRecords } from '../../src/kafka/producer/send-records.ts';
import { runKafkaTool } from '../../src/lab/broker/tools.ts';
import { projectRoot, readSettings } from '../../src/pipeline/settings/read-settings.ts';
import { newCli } from '../support/run-cli.ts';
import { type SecuredKafka, startSecuredKafka } from '../support/secured-kafka.ts';
import { type Pipeline, ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';

const own = { user: 'replayground', password: 'pass"word\\one' };
const stranger = { user: 'stranger', password: 'password-two' };

/** The lines that docs/security.md gives to the administrator. */
const rights = readFileSync(join(projectRoot, 'docs/security.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('./lab kafka acls --add '))
  .map((line) => line.split(' ').slice(1));

let kafka: SecuredKafka;

/** Runs inventory-service to its end. */
async function runInventory(env: Record<string, string>): Promise<{ code: number; lines: { level: string; msg: string }[] }> {
  const service = fork(join(projectRoot, 'src/inventory/main.ts'), [], {
    env: { PATH: process.env.PATH, ...env, LAB_HOME: join(kafka.folder, 'refused') },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const [output, [code]] = await Promise.all([text(service.stdout as NonNullable<typeof service.stdout>), once(service, 'exit')]);
  const lines = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { code, lines };
}

describe('a Kafka with TLS, SCRAM and ACLs', () => {
  before(async () => {
    kafka = await startSecuredKafka([own, stranger]);
    const env = kafka.envOf(kafka.admin);
    using admin = newCli(env);
    const [first = [], ...others] = rights;
    const byHand = await admin.run(...first);
    assert.equal(byHand.exitCode, 0, byHand.stdout + byHand.stderr);
    // As `./lab kafka` does it, without a Node for each.
    for (const [, tool = '', ...args] of others) {
      const { exitCode, stdout, stderr } = await runKafkaTool(tool, args, {
        brokers: env.KAFKA_BROKERS ?? '',
        security: readSettings(env),
      });
      assert.equal(exitCode, 0, stdout + stderr);
    }
  });
  after(() => kafka[Symbol.asyncDispose]());

  it('is enough for the three services with the rights that the documentation names, and no secret is written', async () => {
    assert.equal(rights.length, 6);
    const home = join(kafka.folder, 'lab');
    const env = { PATH: process.env.PATH, ...kafka.envOf(own), LAB_HOME: home, ORDER_SERVICE_PORT: '0', ANALYTICS_SERVICE_PORT: '0' };
    const pipeline = { env } as unknown as Pipeline;
    await using orders = await ServiceProcess.start('orders', pipeline);
    await using inventory = await ServiceProcess.start('inventory', pipeline);
    await using analytics = await ServiceProcess.start('analytics', pipeline);
    await until(async () => (await fetch(`http://127.0.0.1:${orders.port}/health`)).ok, { what: 'order-service is healthy' });
    for (let order = 0; order < 20; order += 1) {
      assert.equal((await orders.post('/produce', { orderId: `o-${order}`, items: [{ sku: 'burger', qty: 1 }] })).status, 200);
    }
    const config = clientConfig(readSettings(env), 'test');
    const garbage = { partition: 0, key: null, value: Buffer.from('{') };
    assert.deepEqual(
      await sendRecords(
        config,
        ['order-events', 'inventory-events'].map((topic) => ({ topic, ...garbage })),
      ),
      [undefined, undefined],
    );
    await until(
      async () => {
        const { total_orders, total_reservations, dead_letters } = await analytics.get('/metrics');
        assert.deepEqual({ total_orders, dead_letters }, { total_orders: 20, dead_letters: 2 });
        return total_reservations === 20;
      },
      { what: 'analytics has counted all' },
    );
    const written = globSync('**/*', { cwd: home })
      .map((file) => join(home, file))
      .filter((file) => statSync(file).isFile());
    for (const content of [orders.output, inventory.output, analytics.output, ...written.map((file) => readFileSync(file, 'latin1'))]) {
      assert.ok(!content.includes(own.password) && !content.includes(JSON.stringify(own.password).slice(1, -1)));
    }
  });

  it('shows nothing to a user without rights', async () => {
    using cli = newCli(kafka.envOf(stranger));
    const { exitCode, stderr } = await cli.run('tail', 'order-events', '-n', '1');
    assert.notEqual(exitCode, 0);
    assert.match(stderr, /^lab: .*order-events/);
  });

  it('shows the lag also to a user who may not see how topics are configured, and says what that costs', async () => {
    const env = kafka.envOf(own);
    const garbage = { topic: 'order-events', partition: 0, key: null, value: Buffer.from('{') };
    assert.deepEqual(await sendRecords(clientConfig(readSettings(env), 'test'), [garbage]), [undefined]);
    const lag = async (user: typeof own) => {
      using cli = newCli(kafka.envOf(user));
      return await cli.run('lag', 'inventory-service-group');
    };
    const { exitCode, stdout, stderr } = await lag(own);
    assert.equal(exitCode, 0, stderr);
    const [, committed, end, behind] = /^inventory-service-group +order-events +0 +(\d+) +(\d+) +(\d+) /m.exec(stdout) ?? [];
    // The service of the test before was killed where it was: it may not have committed its last record either.
    assert.ok(Number(behind) >= 1 && Number(behind) === Number(end) - Number(committed), stdout);
    assert.match(stderr, /^lab: how near retention is cannot be told for order-events: .*authorization failed/im);
    assert.ok(!(await lag(kafka.admin)).stderr.includes('retention'), 'who may see it is told nothing of a topic that deletes nothing');
  });

  it('is reached by Kafka’s own tools with the login of the lab, also where --config is a setting of a topic', async () => {
    using cli = newCli(kafka.envOf(kafka.admin));
    const made = await cli.run('kafka', 'topics', '--create', '--topic', 'compacted', '--config', 'cleanup.policy=compact');
    assert.equal(made.exitCode, 0, made.stdout + made.stderr);
  });

  it('is one clear line and exit code 1 with a wrong password, for ./lab and for a service', async () => {
    const env = kafka.envOf({ ...own, password: 'wrong' });
    const refusal =
      /^(lab: )?Kafka at localhost:\d+ refused the login of user replayground: check KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD/;
    using cli = newCli(env);
    const { exitCode, stdout, stderr } = await cli.run('ledger');
    assert.deepEqual([exitCode, stdout, stderr.trim().split('\n').length], [1, '', 1]);
    assert.match(stderr, refusal);
    const { code, lines } = await runInventory(env);
    assert.equal(code, 1);
    assert.deepEqual(
      lines.map(({ level }) => level),
      ['fatal'],
    );
    assert.match(lines[0]?.msg ?? '', refusal);
  });

  it('is one clear line and exit code 1 for a service whose user lacks a right, and for ./lab', async () => {
    const missing = /could not .*authorization failed.*: the user has no right to do this with .+, docs\/security\.md lists the rights/i;
    const { code, lines } = await runInventory(kafka.envOf(stranger));
    assert.equal(code, 1);
    assert.match(lines.findLast(({ level }) => level === 'fatal')?.msg ?? '', missing);
    using cli = newCli(kafka.envOf(stranger));
    const { exitCode, stderr } = await cli.run('lag', 'inventory-service-group');
    assert.notEqual(exitCode, 0);
    assert.match(stderr, missing);
    assert.equal(stderr.trim().split('\n').length, 1);
  });

  it('is one clear line where its certificate is not trusted', async () => {
    const { KAFKA_SSL_CA: _ca, ...env } = kafka.envOf(own);
    using cli = newCli(env);
    const { exitCode, stderr } = await cli.run('ledger');
    assert.equal(exitCode, 1);
    assert.match(stderr, /^lab: Kafka at localhost:\d+ has a certificate that is not trusted here: KAFKA_SSL_CA must name/);
  });
});

/** The embedded broker on its own: it starts, refuses clearly, keeps its data over a kill, and stops. */
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { execa } from 'execa';
import { ReplaygroundError } from '../../../src/kafka/errors.ts';
import { claimHome } from '../../../src/lab/broker/claim-home.ts';
import { type Broker, startBroker } from '../../../src/lab/broker/start.ts';
import { runKafkaTool } from '../../../src/lab/broker/tools.ts';
import { specialName, tempHome } from '../../support/temp-home.ts';

const oneLineWith =
  (code: string, ...parts: string[]) =>
  (error: unknown) => {
    assert.ok(error instanceof ReplaygroundError, String(error));
    assert.equal(error.code, code);
    assert.ok(!error.message.includes('\n'), error.message);
    for (const part of parts) assert.ok(error.message.includes(part), error.message);
    return true;
  };

describe('an embedded broker', () => {
  let home: Awaited<ReturnType<typeof tempHome>>;
  let broker: Broker;
  before(async () => {
    home = await tempHome(specialName);
    process.env.KAFKA_JVM_PERFORMANCE_OPTS = '-XX:TieredStopAtLevel=1  -Dgiven.one=1 -Dgiven.two=2';
    broker = await startBroker({ home: home.path, port: 0, labId: 'start-test' });
  });
  after(async () => {
    await broker?.stop();
    await home[Symbol.asyncDispose]();
  });

  test('carries the id of its lab on the command line', async () => {
    assert.match(await readFile(`/proc/${broker.pid}/cmdline`, 'utf8'), /-Dreplayground\.lab=start-test\0/);
  });

  test('gives its JVM what KAFKA_JVM_PERFORMANCE_OPTS holds', async () => {
    const commandLine = (await readFile(`/proc/${broker.pid}/cmdline`, 'utf8')).split('\0');
    assert.deepEqual(
      ['-Dgiven.one=1', '-Dgiven.two=2'].map((flag) => commandLine.includes(flag)),
      [true, true],
    );
  });

  test('refuses its data folder to a second broker, and is not disturbed by it', async () => {
    const metadata = join(home.path, 'data', '__cluster_metadata-0', 'quorum-state');
    const before = await readFile(metadata, 'utf8');
    await assert.rejects(
      startBroker({ home: home.path, port: 0 }),
      oneLineWith('data-folder-locked', home.path, `process ${broker.pid}`, 'LAB_HOME'),
    );
    assert.equal(await readFile(metadata, 'utf8'), before);
  });

  test('keeps its data over kill -9, and starts again on other ports', async () => {
    const created = await runKafkaTool('topics', ['--create', '--topic', 'survivor', '--partitions', '1'], broker);
    assert.equal(created.exitCode, 0, created.stderr);
    const produced = await runKafkaTool('console-producer', ['--topic', 'survivor'], { ...broker, input: 'one\ntwo\n' });
    assert.equal(produced.exitCode, 0, produced.stderr);
    const formatted = await readFile(join(home.path, 'data', 'meta.properties'), 'utf8');

    broker.kill();
    assert.deepEqual(await broker.exited, { code: null, signal: 'SIGKILL' });
    broker = await startBroker({ home: home.path, port: 0, labId: 'start-test' });

    const consumed = await runKafkaTool('console-consumer', ['--topic', 'survivor', '--from-beginning', '--max-messages', '2'], broker);
    assert.equal(consumed.stdout, 'one\ntwo');
    assert.equal(await readFile(join(home.path, 'data', 'meta.properties'), 'utf8'), formatted);
  });

  test('stops when asked, and again without harm', async () => {
    await broker.stop();
    await broker.stop();
    assert.deepEqual(await broker.exited, { code: 143, signal: null });
  });
});

test('a taken port is named, with the ways out', async () => {
  await using home = await tempHome();
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  try {
    await assert.rejects(
      startBroker({ home: home.path, port }),
      oneLineWith('port-taken', String(port), 'KAFKA_PORT', 'KAFKA_BROKERS', 'docker compose up kafka'),
    );
  } finally {
    server.close();
  }
});

test('of two starts on one folder at once, one is refused', async () => {
  await using home = await tempHome();
  const claims = await Promise.allSettled([claimHome(home.path), claimHome(home.path)]);
  const refused = claims.filter((claim) => claim.status === 'rejected');
  assert.equal(refused.length, 1);
  oneLineWith('data-folder-locked', home.path)(refused[0]?.reason);
});

test('a start that was killed half-way does not block the next one', async () => {
  await using home = await tempHome();
  const gone = await execa('sh', ['-c', 'echo $$']);
  await writeFile(join(home.path, 'starting.lock'), gone.stdout);
  const claim = await claimHome(home.path);
  await claim[Symbol.asyncDispose]();
  assert.deepEqual(await readdir(home.path), []);
});

test('a start that was called off leaves no process', async () => {
  await using home = await tempHome();
  await assert.rejects(startBroker({ home: home.path, port: 0, signal: AbortSignal.abort() }), oneLineWith('broker-start-aborted'));
});

test('a broker that cannot start is reported with its own reason and its log', async () => {
  await using home = await tempHome();
  await assert.rejects(startBroker({ home: home.path, port: 0, heapMb: 1 }), (error: ReplaygroundError) => {
    assert.match(error.message, /heap/i);
    return true;
  });
});

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';
import { argumentsOf, entrypoint, imageEnvironment } from '../support/image.ts';
import { brokers, uniqueName } from '../support/kafka.ts';
import { until } from '../support/until.ts';

const healthCheck = argumentsOf('HEALTHCHECK')[0]?.split(' CMD ')[1] ?? '';
const copied = argumentsOf('COPY')
  .filter((step) => !step.startsWith('--from'))
  .flatMap((step) => step.split(' ').slice(0, -1));

/** What is installed for production, the client where a checkout has it: above native/, instead of in it. */
const { packages } = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { dev?: boolean }>;
};
const forProduction = Object.entries(packages).flatMap(([path, { dev }]) => {
  const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path) ?? [];
  return name && (!dev || name === '@confluentinc/kafka-javascript') && existsSync(join(projectRoot, path)) ? [name] : [];
});

/** A clean folder with what the image holds, and nothing else. */
describe('the image', () => {
  let image: string;
  before(async () => {
    image = await mkdtemp(join(tmpdir(), 'replayground-image-'));
    for (const path of copied) await cp(join(projectRoot, path), join(image, path), { recursive: true });
    for (const name of forProduction) {
      const link = join(image, 'node_modules', name);
      await mkdir(dirname(link), { recursive: true });
      await symlink(join(projectRoot, 'node_modules', name), link);
    }
  });
  after(() => rm(image, { recursive: true, force: true }));

  const container = (command: string, env: Record<string, string>) => ({
    cwd: image,
    extendEnv: false,
    env: {
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      ...imageEnvironment,
      LAB_HOME: join(image, 'lab'),
      METRICS_DIR: join(image, 'lab', 'results'),
      ...env,
    },
    reject: false,
    file: entrypoint[0] ?? '',
    args: [...entrypoint.slice(1), command],
  });
  const run = (command: string, env: Record<string, string>) => {
    const { file, args, ...options } = container(command, env);
    return execa(file, args, options);
  };

  it('gets files that exist and that .dockerignore lets in', () => {
    const [first, ...rest] = readFileSync(join(projectRoot, '.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    assert.equal(first, '*');
    for (const path of copied) assert.ok(existsSync(join(projectRoot, path)) && rest.includes(`!${path}`), path);
  });

  it('does not run as root, and its stages follow Node 24', () => {
    assert.deepEqual(argumentsOf('USER'), ['node']);
    for (const base of argumentsOf('FROM')) assert.match(base, /^node:24-/);
  });

  for (const service of ['orders', 'inventory', 'analytics']) {
    it(`holds all that src/${service}/main.ts loads, and demands a token for its open port`, async () => {
      const { exitCode, stderr } = await run(`src/${service}/main.ts`, {});
      assert.equal(stderr, 'LAB_HOST=0.0.0.0 is reachable from elsewhere: set LAB_TOKEN too, or leave LAB_HOST out');
      assert.equal(exitCode, 2);
    });
  }

  it('runs a replica that is healthy, named after its container, and stops in order', async () => {
    const env = { HOSTNAME: 'b1946ac92492', LAB_TRUSTED_NETWORK: 'yes', KAFKA_BROKERS: brokers(), INVENTORY_SERVICE_PORT: '0' };
    const names = { ORDERS_TOPIC: uniqueName('orders'), INVENTORY_TOPIC: uniqueName('inventory'), INVENTORY_GROUP_ID: uniqueName('group') };
    const replica = run('src/inventory/main.ts', { ...env, ...names });
    let log = '';
    replica.stdout?.on('data', (chunk) => {
      log += chunk;
    });
    const port = await until(() => /"instance":"b1946ac92492","port":(\d+),"msg":"ready"/.exec(log)?.[1], { what: 'the replica is ready' });
    const check = (at: string) => execa('sh', ['-c', healthCheck], { env: { HEALTH_PORT: at }, reject: false });
    assert.equal((await check(port)).exitCode, 0);
    assert.equal((await check('1')).exitCode, 1);
    replica.kill('SIGTERM');
    assert.equal((await replica).exitCode, 0, log);
  });
});

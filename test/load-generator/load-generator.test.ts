import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { execa } from 'execa';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';
import { brokers, readAll, uniqueName } from '../support/kafka.ts';
import { tempHome } from '../support/temp-home.ts';

const tsc = join(projectRoot, 'node_modules', '.bin', 'tsc');
const inProject = { cwd: projectRoot, extendEnv: false } as const;

describe('plain JavaScript by tsc --build', () => {
  before(async () => {
    const { stdout } = await execa(tsc, ['--build', '--dry'], { cwd: projectRoot });
    assert.match(stdout, /tsconfig\.dist\.json/, 'tsc --build at the root includes dist/');
    await execa(tsc, ['--build', 'tsconfig.dist.json'], { cwd: projectRoot });
  });

  it('is done at once where nothing has changed', async () => {
    const again = await execa(tsc, ['--build', '--dry', 'tsconfig.dist.json'], { cwd: projectRoot });
    assert.match(again.stdout, /is up to date/);
    // Checking everything takes too long for a test: what makes it cheap the second time is that it is remembered.
    const { stdout } = await execa(tsc, ['--showConfig'], { cwd: projectRoot });
    const { incremental, tsBuildInfoFile } = JSON.parse(stdout).compilerOptions as Record<string, unknown>;
    assert.deepEqual([incremental, tsBuildInfoFile], [true, './dist/check.tsbuildinfo']);
  });

  it('has a load generator that sends the burst', async () => {
    await using folder = await tempHome();
    const topic = uniqueName('generated');
    const { stdout, stderr } = await execa(process.execPath, ['dist/load-generator/load-generator.js'], {
      ...inProject,
      env: {
        LAB_HOME: join(folder.path, 'lab'),
        KAFKA_BROKERS: brokers(),
        ORDERS_TOPIC: topic,
        INVENTORY_TOPIC: uniqueName('inventory'),
        TOTAL_EVENTS: '2000',
      },
    });
    assert.match(stdout, /^Published 1000\/2000\nPublished 2000\/2000\nPublished 2000 events in \d+\.\d\ds \(\d+ events\/sec\)$/);
    assert.equal(stderr, '');
    assert.equal((await readAll(topic)).length, 2000);
  });

  it('has services that find their settings, and what is beside the code', async () => {
    for (const service of ['orders', 'inventory', 'analytics']) {
      const refused = await execa(process.execPath, [`dist/${service}/main.js`], { ...inProject, env: { FAIL_RATE: '2' }, reject: false });
      assert.deepEqual([refused.exitCode, refused.stderr], [2, 'FAIL_RATE="2" is not allowed: a number from 0 to 1']);
    }
    const tool = await execa(process.execPath, ['dist/order-lab/cli/main.js', 'kafka', 'topics', '--list'], {
      ...inProject,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, KAFKA_BROKERS: brokers(), LAB_HOME: join(projectRoot, '.lab', 'no-lab') },
    });
    assert.equal(tool.exitCode, 0);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { differences, differencesText } from '../../../src/order-lab/client/given-settings.ts';
import type { LabFile } from '../../../src/pipeline/service/lab-file.ts';
import { projectRoot, readSettings } from '../../../src/pipeline/settings/read-settings.ts';
import { startStandInLab } from '../fixtures/running-lab.ts';

/** A lab with a Kafka of its own on a port that it chose. */
const labOf = (env: NodeJS.ProcessEnv = {}): LabFile =>
  ({
    settings: readSettings(env),
    ports: { lab: 8080, orders: 8000, analytics: 8002, kafka: 17_000 },
    brokers: readSettings(env).kafkaBrokers ?? '127.0.0.1:17000',
  }) as LabFile;

const found = (env: NodeJS.ProcessEnv, file = labOf()) => differences(readSettings(env), env, file).map(({ variable }) => variable);

describe('a setting that is given beside a running lab', () => {
  it('is told with both values where the lab goes by another', () => {
    const env = { KAFKA_BROKERS: '127.0.0.1:1' };
    const text = differencesText(differences(readSettings(env), env, labOf()), '/home/lab');
    assert.match(
      text,
      /^KAFKA_BROKERS="127.0.0.1:1", but the lab in \/home\/lab runs with "127.0.0.1:17000": leave it out, or .*LAB_HOME$/,
    );
    assert.deepEqual(found({ INVENTORY_TOPIC: 'x', BOOTSTRAP_SERVERS: 'a:1', REPORT_INTERVAL_SEC: '1', LAB_PORT: '9' }), [
      'BOOTSTRAP_SERVERS',
      'INVENTORY_TOPIC',
      'REPORT_INTERVAL_SEC',
      'LAB_PORT',
    ]);
    assert.deepEqual(found({ THROTTLE_MS: '1' }), ['THROTTLE_MS', 'THROTTLE_MS']);
  });

  it('is fine where it says the same in other words', () => {
    const same: NodeJS.ProcessEnv[] = [
      {},
      { KAFKA_BROKERS: 'LOCALHOST:17000' },
      { KAFKA_PORT: '17000' },
      { KAFKA_PORT: '9092' },
      { LAB_PORT: '0', ORDER_SERVICE_PORT: '8000', INVENTORY_FAIL_RATE: '0.050', ORDERS_TOPIC: 'order-events', LAB_HOME: '/x' },
    ];
    for (const env of same) assert.deepEqual(found(env), [], JSON.stringify(env));
    const file = labOf({ KAFKA_BROKERS: 'a:1,b:1,c:1' });
    assert.deepEqual(found({ KAFKA_BROKERS: 'c:1, A:1' }, file), []);
    assert.deepEqual(found({ KAFKA_BROKERS: 'c:1,d:1' }, file), ['KAFKA_BROKERS']);
  });

  it('is no matter of the lab where the verb itself goes by it', () => {
    const env = { TOTAL_EVENTS: '5', PRINT_EVERY: '1' };
    assert.deepEqual(differences(readSettings(env), env, labOf(), ['totalEvents', 'printEvery']), []);
  });

  it('never shows a secret', () => {
    assert.deepEqual(found({ LAB_TOKEN: 'a', KAFKA_SASL_PASSWORD: 'b' }), []);
  });

  it('is refused by every verb that asks the lab or its Kafka', async (t) => {
    const { home } = await startStandInLab(t);
    const verbs = [
      ['lag'],
      ['tail', 'order-events'],
      ['kafka', 'topics', '--list'],
      ['burst', '10'],
      ['ledger'],
      ['metrics'],
      ['replay'],
      ['dlq', 'list'],
      ['offsets', 'plan', '--group', 'g', '--all-topics', '--to-earliest'],
      ['set', 'inventory-service'],
      ['ps'],
      ['restart', 'analytics-service'],
      ['stop', 'analytics-service'],
      ['scale', 'inventory-service=2'],
      ['up', '--detach'],
      ['run', 'burst-10k', '--here'],
    ];
    const env = {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      LAB_HOME: home,
      KAFKA_BROKERS: '127.0.0.1:2',
    };
    const run = (args: string[]) =>
      execa(process.execPath, ['--disable-warning=ExperimentalWarning', `${projectRoot}/src/order-lab/cli/main.ts`, ...args], {
        env,
        extendEnv: false,
        reject: false,
      });
    const check = async (args: string[]): Promise<void> => {
      const { exitCode, stdout, stderr } = await run(args);
      const line = stderr.split('\n').at(-1) ?? '';
      assert.match(line, /^lab: KAFKA_BROKERS="127.0.0.1:2", but the lab in .* runs with "127.0.0.1:1"/, args.join(' '));
      assert.deepEqual([exitCode, stdout], [2, ''], args.join(' '));
    };
    await Promise.all(verbs.map(check));
  });
});

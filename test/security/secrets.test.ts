import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { requireLab } from '../../src/order-lab/client/lab-client.ts';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';
import { uniqueName } from '../support/kafka.ts';
import { type Cli, newCli } from '../support/run-cli.ts';

const secrets = { LAB_TOKEN: 'token-that-nobody-may-see', KAFKA_SASL_PASSWORD: 'password-that-nobody-may-see' };

describe('a lab with secrets', () => {
  let cli: Cli;
  before(async () => {
    cli = newCli({
      ...secrets,
      KAFKA_SASL_USERNAME: 'somebody',
      ORDERS_TOPIC: uniqueName('orders'),
      INVENTORY_TOPIC: uniqueName('decisions'),
      INVENTORY_GROUP_ID: uniqueName('inventory'),
      ANALYTICS_GROUP_ID: uniqueName('analytics'),
      LOG_LEVEL: 'trace',
      ...{ LAB_PORT: '0', ORDER_SERVICE_PORT: '0', ANALYTICS_SERVICE_PORT: '0' },
    });
    const { exitCode, stderr } = await cli.run('up', '--detach');
    assert.equal(exitCode, 0, stderr);
  });
  after(async () => {
    await cli.run('down');
    cli[Symbol.dispose]();
  });

  it('tells them to nobody: not on a terminal, not by its API, not in a log, not in a report', async () => {
    const said: string[] = [];
    const tiny = join(projectRoot, 'test/order-lab/scenario/fixtures/tiny.ts');
    for (const args of [
      ['ps', '--json'],
      ['lag', '--json'],
      ['metrics', '--json'],
      ['logs'],
      ['run', tiny, '--here', '--json'],
      ['stop', 'nonsense', '--verbose'],
    ]) {
      const { stdout, stderr } = await cli.run(...args);
      said.push(stdout, stderr);
    }
    const { file } = await requireLab(cli.home);
    for (const path of ['/api/lab', '/api/snapshot', '/health', '/api/scenarios', '/openapi.json'])
      said.push(await (await fetch(file.url + path)).text());
    const refused = await fetch(`${file.url}/api/down`, { method: 'POST', headers: { authorization: 'Bearer wrong' } });
    said.push(await refused.text());

    const files = globSync('**/*', { cwd: dirname(cli.home) })
      .map((name) => join(dirname(cli.home), name))
      .filter((path) => statSync(path).isFile());
    assert.ok(files.some((path) => basename(path) === 'report.json'));
    assert.ok(files.some((path) => path.includes('order-service')));
    for (const [name, secret] of Object.entries(secrets)) {
      assert.deepEqual(
        said.filter((text) => text.includes(secret)),
        [],
        name,
      );
      // The one place for the token, for this user's own commands.
      const holders = files.filter((path) => readFileSync(path, 'latin1').includes(secret));
      assert.deepEqual(
        holders.map((path) => basename(path)),
        name === 'LAB_TOKEN' ? ['lab.json'] : [],
      );
      for (const path of holders) assert.equal(statSync(path).mode & 0o777, 0o600);
    }
  });

  it('hands no name to a shell', async () => {
    const mark = join(dirname(cli.home), 'touched');
    const shellName = `; touch ${mark}; $(touch ${mark}) \`touch ${mark}\` | touch ${mark} && touch ${mark}`;
    const verbs = [
      ['stop', shellName],
      ['scale', `${shellName}=2`],
      ['set', shellName, 'throttle=1ms'],
      ['logs', shellName],
      ['run', shellName, '--here'],
      ['kafka', shellName],
    ];
    for (const { exitCode } of await Promise.all(verbs.map((args) => cli.run(...args)))) assert.notEqual(exitCode, 0);
    const { file } = await requireLab(cli.home);
    const headers = { authorization: `Bearer ${file.token}` };
    const name = encodeURIComponent(shellName);
    for (const path of [`/api/services/${name}/stop`, `/api/scenarios/${name}/run`]) {
      const { status } = await fetch(file.url + path, { method: 'POST', headers });
      assert.ok(status >= 400 && status < 500, path);
    }
    assert.equal(existsSync(mark), false);
  });
});

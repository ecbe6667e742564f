/** A crash test on its page while it goes on: the picture, the faults as causes, and the verdict as it forms. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { execa } from 'execa';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';
import { collectErrors, openBrowser, seriousViolations } from '../support/browser.ts';
import { until } from '../support/until.ts';

const consumers = join(projectRoot, 'test/lab/crash-test/consumers');
const folder = mkdtempSync(join(tmpdir(), 'a system '));
after(() => rmSync(folder, { recursive: true, force: true }));

test('the verdict forms on the page, and nothing there changes anything', async () => {
  const yaml = readFileSync(join(consumers, 'system.yaml'), 'utf8');
  writeFileSync(join(folder, 'system.yaml'), yaml.replace('consumer.mjs', JSON.stringify(join(consumers, 'consumer.mjs'))));
  const main = join(projectRoot, 'src/order-lab/cli/main.ts');
  const args = [
    'crash-test',
    folder,
    '--page',
    '--minutes',
    '0.4',
    '--faults',
    'duplicate,stop',
    '--seed',
    '1',
    '--out',
    join(folder, 'out'),
  ];
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const run = execa(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    env: { PATH: path, LAB_HOME: join(folder, 'lab'), LAB_PORT: '0' },
    reject: false,
  });
  let said = '';
  run.stderr.on('data', (text) => {
    said += text;
  });
  const browser = await openBrowser();
  try {
    const url = await until(() => /the page of this run: (\S+)/.exec(said)?.[1], { what: 'the page is there' });
    const page = await (await browser.newContext({ bypassCSP: true })).newPage();
    const seen = collectErrors(page);
    await page.goto(url);
    const card = page.getByTestId('crash-test');
    await card.getByRole('status').getByText('The storm: faults under load').waitFor();
    await page.getByRole('link', { name: /records: 2 partitions/ }).waitFor();
    const figure = async (name: string): Promise<number> =>
      Number((await card.getByTestId(`crash-test-${name}`).innerText()).replaceAll(',', ''));
    await until(async () => (await figure('came-in')) > 100, { what: 'the ledger was read while it goes on' });
    assert.deepEqual([await figure('lost'), await figure('repeated'), await figure('invented')], [0, 0, 0]);
    await card.getByText('So far the log agrees with').waitFor();
    await card.getByRole('listitem').filter({ hasText: '● a stop and a start under load: 1' }).waitFor();
    assert.deepEqual(await seriousViolations(page), []);
    for (const name of ['Send', 'Save this run', 'Execute']) {
      assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, name);
    }
    await card.getByText('The run is over').waitFor();
    await card.getByText('held', { exact: true }).waitFor();
    await card.getByText('It behaved as').waitFor();
    assert.deepEqual(seen.errors, []);
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, 0, stderr);
  } finally {
    run.kill();
    await browser.close();
  }
});

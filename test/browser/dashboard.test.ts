/** The page in a real browser, against one real lab with a Kafka of its own: each click, and what it shows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LabState, Snapshot } from '../../src/order-lab/wire/all.ts';
import { collectErrors, seriousViolations } from '../support/browser.ts';
import { openDashboard } from '../support/dashboard.ts';
import { until } from '../support/until.ts';

const { lab, browser, page, seen } = await openDashboard();

const number = async (testId: string): Promise<number> => Number((await page.getByTestId(testId).innerText()).replaceAll(',', ''));
const inventoryLag = (): Promise<number> => number('lag-inventory-service');
const control = (title: string) => page.getByRole('region', { name: title });
const burst = async (orders: number, speed: string): Promise<void> => {
  const form = page.getByRole('form', { name: 'Send a burst of orders' });
  await form.getByLabel('Orders').fill(String(orders));
  await form.getByLabel('Speed').selectOption(speed);
  await form.getByRole('button', { name: 'Send' }).click();
};
/** Moves a slider as a hand would: the page sees the event of its last place. */
const slide = async (title: string, label: string, value: number): Promise<void> => control(title).getByLabel(label).fill(String(value));

test('the page loads, says that it is live, and draws the pipeline', async () => {
  await page.goto(lab.url);
  await page.getByText('● live').waitFor();
  await page.getByRole('link', { name: /order-events partition 2/ }).waitFor();
  await page.getByRole('link', { name: /inventory-service\.1: owns partition 0, partition 1, partition 2/ }).waitFor();
});

test('a throttle and a burst raise the lag, the page says why, and a reload in the middle of it loses nothing', async () => {
  await slide('Slow inventory down', 'Throttle per record', 6);
  await control('Slow inventory down').getByText('an instance does at most 100 a second').waitFor();
  await control('Slow inventory down').getByText('in force everywhere').waitFor();
  await burst(2000, '500/s');
  await until(async () => (await inventoryLag()) > 300, { what: 'lag of more than 300' });
  await page
    .getByTestId('insight')
    .getByText(/inventory/)
    .first()
    .waitFor();

  const samples = async (): Promise<number> => Number(await page.getByTestId('timeline').getAttribute('data-samples'));
  const beforeReload = await samples();
  await page.reload();
  await page.getByText('● live').waitFor();
  assert.ok((await samples()) >= beforeReload, 'the timeline of before is there');
  // Where it is over already, it is announced too.
  await page
    .getByText(/of 2,000 written|2,000 orders written/)
    .first()
    .waitFor();
  await page.getByLabel('What happened, newest first').getByText('burst', { exact: true }).first().waitFor();
});

test("what the terminal set for a lesson is said, and Kafka's own command keeps it", async () => {
  await lab.run('set', 'inventory-service', 'delivery=at-least-once', 'crash=after-commit:1000');
  const region = control('Slow inventory down');
  await region.getByText('delivers at-least-once; crashes on purpose: after-commit:1000').waitFor();
  await region.getByText('By Kafka’s own tool').click();
  await region.getByText(/"delivery":"at-least-once"/).waitFor();
  await page.getByLabel('What happened, newest first').getByText('delivery=at-least-once').waitFor();
  await lab.run('set', 'inventory-service', 'delivery=exactly-once', 'crash=none');
  await region.getByText('delivers at-least-once').waitFor({ state: 'detached' });
});

test('three instances share the partitions and drain the lag', async () => {
  const more = page.getByRole('button', { name: 'One inventory instance more' });
  await more.click();
  await until(async () => (await number('instances-inventory-service')) === 2, { what: 'two instances' });
  await more.click();
  await until(async () => (await number('instances-inventory-service')) === 3, { what: 'three instances' });
  for (const n of [1, 2, 3]) await page.getByRole('link', { name: new RegExp(`inventory-service\\.${n}: throttled`) }).waitFor();
  await control('Slow inventory down').getByRole('button', { name: 'Defaults' }).click();
  await until(async () => (await inventoryLag()) === 0, { what: 'lag 0' });
});

test('a killed instance is seen to be gone, and comes back', async () => {
  await page.getByRole('button', { name: 'Kill inventory-service.2' }).click();
  const marks = page.getByLabel('What happened, newest first');
  await marks
    .getByText(/inventory-service\.2.*(SIGKILL|kill)/i)
    .first()
    .waitFor();
  await page.getByRole('link', { name: /inventory-service\.2: owns partition/ }).waitFor();
  const { marks: told } = (await (await fetch(`${lab.url}/api/snapshot`)).json()) as Snapshot;
  const kinds = told.filter(({ subject }) => subject === 'inventory-service.2').map(({ kind }) => kind);
  assert.equal(kinds.filter((kind) => kind === 'kill').length, 1);
  assert.ok(!kinds.includes('crash'), `a kill and what it does are one cause: ${kinds}`);
});

test('other lines are drawn under the pointer, and nothing fails', async () => {
  const chart = page.getByTestId('timeline').locator('canvas');
  const box = await chart.boundingBox();
  assert.ok(box);
  const lines = page.getByLabel('Lines', { exact: true });
  for (const name of ['inventory by partition', 'both groups', 'analytics by partition', 'both groups']) {
    for (const share of [0.5, 0.9]) await page.mouse.move(box.x + box.width * share, box.y + box.height / 2);
    // By the keyboard's way: the pointer stays on the chart.
    await lines.selectOption(name);
    await page.mouse.move(box.x + box.width * 0.7, box.y + box.height / 2);
  }
  assert.deepEqual(seen.errors, []);
});

test('a reset is planned with before, after and delta, executed, and undone', async () => {
  const form = page.getByRole('form', { name: 'Move a group in its topics' });
  await form.getByRole('combobox', { name: 'Group' }).selectOption('inventory-service-group');
  await form.getByRole('button', { name: 'Plan', exact: true }).click();
  const plan = page.getByTestId('offsets-plan');
  await plan.getByText('Nothing is changed yet').waitFor();
  assert.equal(await plan.locator('tbody tr').count(), 3);
  await form.getByRole('button', { name: 'Execute', exact: true }).click();
  await plan.getByText('Done, read back from the broker').waitFor();
  await form
    .getByText(/offsets undo --group inventory-service-group --from \S+\.csv --execute/)
    .first()
    .waitFor();
  const backup = (await form.locator('.outcome').innerText()).split('backup: ')[1];
  assert.ok(backup?.startsWith(`${lab.home}/offset-backups/`), 'the backup is named with its folder');
  await form.getByRole('button', { name: 'Undo', exact: true }).click();
  await until(
    async () =>
      (await form.getByRole('button', { name: 'Undo', exact: true }).isDisabled()) && (await form.getByText('Working…').count()) === 0,
    {
      what: 'the reset is undone',
    },
  );
  assert.equal(await form.locator('.bad').count(), 0, 'no error is shown');
  await form.getByText(/^3 partitions forward by [\d,]+ offsets; backup/).waitFor();
  await page
    .getByLabel('What happened, newest first')
    .getByText(/inventory-service-group: 3 partitions forward by/)
    .first()
    .waitFor();
});

test('a poison record ends in the dead letters, and is listed there', async () => {
  await page.getByRole('button', { name: 'Poison' }).click();
  await page.getByRole('link', { name: 'See the dead letters' }).click();
  await page.getByLabel('What happened, newest first').getByText('order-events.dlq: a record could not be read').waitFor();
  await page
    .getByRole('button', { name: /^Send back / })
    .first()
    .click();
  await page
    .getByTestId('redriven')
    .getByText(/^1 sent back: 1 rejected again: letter 0:0 \(order-events p\d @ \d+\) sent back: rejected again/)
    .waitFor();
  await page.getByText(/^(LAB_HOME=\S+ )?\.\/lab dlq redrive order-events 0:0 --execute$/).waitFor();
});

test('a replay is identical', async () => {
  await until(async () => (await inventoryLag()) === 0, { what: 'lag 0' });
  await control('Replay the whole log').getByRole('button', { name: 'Replay', exact: true }).click();
  await page.getByTestId('replay-verdict').waitFor();
  assert.equal(await page.getByTestId('replay-verdict').innerText(), '✓ identical');
  const digests = await control('Replay the whole log').getByRole('row', { name: 'Digest' }).getByRole('cell').allInnerTexts();
  const shown = page.getByRole('region', { name: 'Metrics' }).locator('.digest');
  await shown
    .getByText(/^of the first [\d,]+ orders and [\d,]+ decisions, at \d\d:\d\d:\d\d: the same log gives the same digest$/)
    .waitFor();
  for (const digest of digests.slice(1))
    assert.ok((await shown.innerText()).includes(digest), 'the digest of a moment is one, wherever it is shown');
  await page
    .getByText(/^analytics-service: all is read again: digest [0-9a-f]{16}, as before$/)
    .first()
    .waitFor();
  await control('Replay the whole log')
    .getByText(/^Before, \d\d:\d\d:\d\d$/)
    .waitFor();
});

test('an exercise runs with live steps, and its report opens', async () => {
  const region = control('Run an exercise');
  await region.getByLabel('Exercise').selectOption('failed-orders');
  await region.getByRole('button', { name: 'Run', exact: true }).click();
  const steps = region.getByRole('listitem');
  await until(async () => (await steps.count()) >= 2 && (await region.getByRole('button', { name: 'Stop', exact: true }).isVisible()), {
    what: 'steps while it runs',
  });
  await region.getByText('passed', { exact: true }).waitFor();
  const [report] = await Promise.all([page.context().waitForEvent('page'), region.getByRole('link', { name: 'Open the report' }).click()]);
  const wrong = collectErrors(report);
  await report.getByRole('heading', { name: /Orders that arrive as failed/ }).waitFor();
  assert.ok((await report.getByText('5% of the orders arrive as failed').count()) > 0, 'the checks are in it');
  await report.reload();
  assert.deepEqual(wrong.errors, [], 'its policy forbids nothing that it needs');
  await report.close();
});

test('records can be searched, and an order followed through all topics', async () => {
  await page.getByRole('tab', { name: 'Records' }).click();
  const record = page.locator('details.record', { hasText: 'OrderPlaced' }).first();
  await record.locator('summary').click();
  await record.getByRole('link', { name: 'Follow this order' }).click();
  const panel = page.getByRole('tabpanel');
  await panel.getByText('placed', { exact: true }).waitFor();
  await panel.getByText(/^(reserved|failed|released)$/).waitFor();
});

test('no serious accessibility violation, light and dark, on each view and on a phone', async () => {
  const open = await browser.newContext({ bypassCSP: true, viewport: { width: 390, height: 844 } });
  const phone = await open.newPage();
  for (const colorScheme of ['light', 'dark'] as const) {
    await phone.emulateMedia({ colorScheme });
    await phone.goto(`${lab.url}/#groups`);
    await phone.getByText('● live').waitFor();
    if (colorScheme === 'light') await phone.getByRole('button', { name: 'Guided tour' }).click();
    for (const view of ['Groups', 'Records', 'Dead letters', 'Topics', 'Logs']) {
      await phone.getByRole('tab', { name: view }).click();
      assert.deepEqual(await seriousViolations(phone), [], `${colorScheme}, ${view}`);
    }
    const tooWide = await phone.evaluate('document.documentElement.scrollWidth - innerWidth');
    assert.ok(Number(tooWide) <= 0, 'nothing is wider than the phone');
  }
  await open.close();
});

test('a page of another origin may change nothing', async () => {
  const answer = await fetch(`${lab.url}/api/burst`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'http://evil.example' },
    body: '{"count":1}',
  });
  assert.equal(answer.status, 403);
  const { burst: last } = (await (await fetch(`${lab.url}/api/snapshot`)).json()) as Snapshot;
  assert.equal(last?.count, 2000, 'no other burst was sent');
});

test('a broker that is killed makes figures stale since a time, and they recover by themselves', async () => {
  await page.goto(lab.url);
  await page.getByText('● live').waitFor();
  const kafkaPid = async (): Promise<number | null | undefined> =>
    (JSON.parse(await lab.run('ps', '--json')) as LabState).processes.find(({ name }) => name === 'kafka')?.pid;
  const before = await kafkaPid();
  page.once('dialog', (dialog) => dialog.dismiss());
  await page.getByRole('button', { name: 'Kill kafka' }).click();
  assert.equal(await kafkaPid(), before, 'who says no has killed nothing');
  page.once('dialog', (dialog) => dialog.accept());
  await page.getByRole('button', { name: 'Kill kafka' }).click();
  const form = page.getByRole('form', { name: 'Send a burst of orders' });
  await Promise.all([
    page.getByText(/^No data from Kafka since \d\d:\d\d:\d\d, trying again/).waitFor(),
    form.getByText('Kafka does not answer: trying again').waitFor(),
    until(() => form.getByRole('button', { name: 'Send' }).isDisabled(), { what: 'no burst can be sent' }),
    page.locator('.columns.kafka-stale').waitFor(),
    page.getByRole('region', { name: 'Inventory group' }).getByText('not known now').waitFor(),
  ]);
  await page.getByText(/^No data from Kafka/).waitFor({ state: 'detached' });
});

test('a window that is made smaller is filled anew, nothing is cut off', async () => {
  await page.setViewportSize({ width: 700, height: 900 });
  await until(async () => Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth')) <= 0, {
    what: 'it fits',
  });
  await page.setViewportSize({ width: 1440, height: 1000 });
});

test('nothing went wrong inside the page, nor was anything forbidden by its policy', () => {
  assert.deepEqual(seen.errors, []);
});

/** What the page says of records that are about to be deleted before they are read, and of those that were, from a real lab. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { buildPageIfStale } from '../../src/lab/page/build-page.ts';
import { startRealLab } from '../order-lab/fixtures/real-lab.ts';
import { collectErrors, openBrowser, seriousViolations } from '../support/browser.ts';
import { deleteBefore } from '../support/kafka.ts';
import { orderRecord, produceAll } from '../support/produce.ts';
import { patienceMs } from '../support/until.ts';

const dayMs = 86_400_000;

await buildPageIfStale(() => {});
const browser = await openBrowser();
after(() => browser.close());
const lab = await startRealLab({ 'retention.ms': String(dayMs) });
after(() => lab[Symbol.asyncDispose]());
const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1440, height: 1000 } });
const page = await context.newPage();
page.setDefaultTimeout(patienceMs);
const seen = collectErrors(page);

const { orders, inventoryGroup } = lab.names;
const warning = page.getByTestId('retention-inventory-service');
const metrics = page.getByRole('region', { name: 'Metrics' });
const aged = (orderId: string, partition: number, share: number) => ({
  ...orderRecord(orderId),
  partition,
  timestamp: Date.now() - share * dayMs,
});

test('a warning stands at the lag of the group, and the figures at each partition', async () => {
  await page.goto(`${lab.client.file.url}/#groups`);
  await produceAll(
    orders,
    [0, 1, 2].map((partition) => aged(`read-${partition}`, partition, 0)),
  );
  await metrics.getByText('3 written = 3 decided + 0 duplicates + 0 dead-lettered + 0 in flight').waitFor();
  await lab.post('/api/services/inventory-service/stop');
  await produceAll(orders, [aged('far', 0, 0.2), aged('near', 1, 0.6), aged('urgent', 2, 0.95)]);
  await warning.getByText(new RegExp(`^${orders}/2: the oldest record that ${inventoryGroup} has not read is 22 h`)).waitFor();
  await page.getByTestId('insight').getByText('1 other partition of the group is near it too').waitFor();
  const rows = page.getByLabel(`Partitions of ${inventoryGroup}`).locator('tbody tr');
  const cell = (partition: number) => rows.nth(partition).locator('td').nth(9);
  assert.deepEqual(await Promise.all([0, 1, 2].map(async (partition) => (await cell(partition).innerText()).replace(/ \d+ min/, ''))), [
    '20%, 19 h left',
    '60%, 9 h left',
    '95%, 1 h left',
  ]);
  assert.deepEqual(await Promise.all([0, 1, 2].map((partition) => cell(partition).locator('.badge').count())), [0, 1, 1]);
});

test('what was deleted before it was read is counted by itself in the ledger', async () => {
  await deleteBefore(orders, 1, 2);
  await metrics.getByText('6 written = 3 decided + 0 duplicates + 0 dead-lettered + 2 in flight + 1 lost').waitFor();
  await metrics.getByText('1 lost', { exact: true }).waitFor();
});

test('all of it can be read, light and dark, on a phone and on a wide screen', async () => {
  for (const width of [360, 1440]) {
    await page.setViewportSize({ width, height: 1000 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await seriousViolations(page), [], `${width} px, ${colorScheme}`);
    }
    assert.ok(Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth')) <= 0, 'nothing is wider than the screen');
  }
});

test('the warning goes when the records are read', async () => {
  await lab.post('/api/services/inventory-service/start');
  await warning.waitFor({ state: 'detached' });
  await metrics.getByText('6 written = 5 decided + 0 duplicates + 0 dead-lettered + 0 in flight + 1 lost').waitFor();
});

test('a record that cannot be read is told, whoever wrote it', async () => {
  await produceAll(orders, [{ key: 'x', value: 'this is no order', partition: 0 }]);
  await page.getByLabel('What happened, newest first').getByText(`${orders}.dlq: a record could not be read`).waitFor();
  await metrics.getByText('7 written = 5 decided + 0 duplicates + 1 dead-lettered + 0 in flight + 1 lost').waitFor();
  await metrics.getByText('could not be read, kept aside').waitFor();
  assert.deepEqual(seen.errors, []);
});

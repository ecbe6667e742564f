/** The queue on the page, from a real lab: off, then with more workers than partitions, what comes again, what is given up, and off again. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { buildPageIfStale } from '../../src/lab/page/build-page.ts';
import { startRealLab } from '../order-lab/fixtures/real-lab.ts';
import { collectErrors, openBrowser, seriousViolations } from '../support/browser.ts';
import { patienceMs, until } from '../support/until.ts';

const orders = 400;
const workers = 4;

await buildPageIfStale(() => {});
const browser = await openBrowser();
after(() => browser.close());
const lab = await startRealLab();
after(() => lab[Symbol.asyncDispose]());
const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1440, height: 1000 } });
const page = await context.newPage();
page.setDefaultTimeout(patienceMs);
const seen = collectErrors(page);

const panel = page.getByRole('region', { name: 'Notification workers' });
const settings = page.getByRole('region', { name: 'Notifications: speed and failures' });
const box = (doing: RegExp) => page.getByRole('link', { name: doing });
const figure = async (name: string): Promise<number> =>
  Number((await page.getByTestId(`${name}-notification-service`).innerText()).replaceAll(',', ''));

async function readable(where: string): Promise<void> {
  for (const width of [360, 1440]) {
    await page.setViewportSize({ width, height: 1000 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await seriousViolations(page), [], `${where}, ${width} px, ${colorScheme}`);
    }
    assert.ok(Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth')) <= 0, 'nothing is wider than the screen');
  }
}

test('without a worker it is off, in the picture and below, with the command that starts some', async () => {
  await page.goto(`${lab.client.file.url}/#groups`);
  await box(/^notification-service: off: it has no worker/).waitFor();
  await panel.getByText('off', { exact: true }).waitFor();
  await panel.getByText(/\.\/lab scale notification-service=6$/).waitFor();
  await readable('off');
});

test('more workers than partitions all work; what fails comes again, what is rejected is archived', async () => {
  await settings.getByLabel('Deliveries that fail and come again').fill('20');
  await settings.getByLabel('Decisions that can never be told').fill('5');
  await settings.getByText(/\.\/lab set notification-service throttle=0ms fail-rate=0\.2 reject-rate=0\.05$/).waitFor();
  const more = page.getByRole('button', { name: 'One notification instance more' });
  // By the keyboard.
  await more.focus();
  for (let presses = 0; presses < workers; presses += 1) await more.press('Enter');
  await panel.getByText(`${workers} workers, 3 partitions`, { exact: true }).waitFor();
  await box(new RegExp(`^notification-service: ${workers} workers of the share group`)).waitFor();
  await settings.getByText('in force everywhere').waitFor();
  assert.equal((await lab.post('/api/burst', { count: orders })).status, 202);
  // One that failed five times is archived, and neither told nor rejected.
  await until(
    async () => {
      const [told, archived, backlog] = [await figure('told'), await figure('archived'), await figure('backlog')];
      if (told + archived >= orders) return true;
      throw new Error(`${told} told, ${archived} archived, ${backlog} wait`);
    },
    { what: 'all are told or archived' },
  );
  await until(async () => (await figure('rejected')) > 0 && (await figure('archived')) >= (await figure('rejected')), {
    what: 'what was rejected is archived',
  });
  assert.ok((await figure('redelivered')) > 0);
  // The end of a transaction is an offset too, in each partition.
  await until(async () => (await figure('backlog')) <= 3 && (await figure('in-flight')) === 0, { what: 'nothing waits' });
  await page
    .getByTestId('autoscaler-notification-service')
    .getByText(/an autoscaler would run 1, now 4\.$/)
    .waitFor();
  await panel.getByText('Each worker, since it started').click();
  assert.equal(await panel.locator('tbody tr').count(), workers);
  const rows = page.getByLabel(`Partitions of ${lab.names.notificationGroup}`).locator('tbody tr');
  assert.equal(await rows.count(), 3);
  await readable('at work');
});

test('what waits is known without a worker too, and how many an autoscaler would run', async () => {
  await page.setViewportSize({ width: 1440, height: 1000 });
  await lab.post('/api/scale', { service: 'notification-service', count: 0 });
  await box(/^notification-service: off/).waitFor();
  await lab.post('/api/burst', { count: 5 * orders });
  await until(async () => (await figure('backlog')) >= 5 * orders, { what: 'they wait' });
  await page
    .getByTestId('autoscaler-notification-service')
    .getByText(/^2,\d{3} of backlog \/ 1,000 per worker = [23]: an autoscaler would run [23], now 0\.$/)
    .waitFor();
  assert.deepEqual(seen.errors, []);
});

/** The main loop without scrolling (burst, see lag, help, see it gone), and what is judged on the way, in a real browser against one real lab. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { seriousViolations } from '../support/browser.ts';
import { openDashboard } from '../support/dashboard.ts';
import { until } from '../support/until.ts';

const size = { width: 1440, height: 900 };
const { lab, browser, page, seen } = await openDashboard({ viewport: size, bypassCSP: true }, ['--scale', 'inventory-service=2']);
await page.goto(lab.url);
await page.getByText('● live').waitFor();

const form = page.getByRole('form', { name: 'Send a burst of orders' });
const more = page.getByRole('button', { name: 'One inventory instance more' });
const less = page.getByRole('button', { name: 'One inventory instance less' });
const isSeen = async (one: Locator): Promise<boolean> => {
  const box = await one.boundingBox();
  return box !== null && box.y >= 0 && box.y + box.height <= size.height;
};
const running = async (): Promise<number> => {
  const { processes } = JSON.parse(await lab.run('ps', '--json')) as { processes: { service: string }[] };
  return processes.filter(({ service }) => service === 'inventory-service').length;
};

test('a burst with a hot partition, its lag, what helps and the instances are in sight at once', async () => {
  await lab.run('set', 'inventory-service', 'throttle=6ms');
  await form.getByLabel('Orders').fill('30000');
  await form.getByLabel('Speed').selectOption('as fast as it can');
  await form.getByLabel('Partition 0 gets').selectOption('70% of them');
  await form.getByText(/burst 30000 --hot 0\.7$/).waitFor();
  await form.getByLabel('Orders').fill('0');
  await form.getByText('a whole number from 1 to 10,000,000').waitFor();
  assert.equal(await form.getByText(/burst 0/).count(), 0, 'nothing is offered that cannot be');
  await form.getByLabel('Orders').fill('30000');
  await form.getByRole('button', { name: 'Send' }).click();
  await page
    .getByTestId('insight')
    .getByText(/^partition 0 holds \d+% of the lag: inventory-service\.1 reads 2 partitions/)
    .waitFor();
  await page
    .getByLabel('What happened, newest first')
    .getByText(/70% of them in one partition/)
    .waitFor();
  const help = page.getByTestId('help');
  await help.waitFor();
  for (const [what, one] of Object.entries({
    burst: form.getByRole('button', { name: 'Send' }),
    lag: page.getByRole('link', { name: /order-events partition 0: end/ }),
    chart: page.getByTestId('timeline').locator('canvas').first(),
    help,
    throttle: page.getByLabel('Throttle per record').first(),
    instances: more,
  })) {
    assert.ok(await isSeen(one), `${what} is in sight`);
  }
  assert.equal(await page.evaluate('scrollY'), 0);
  const marks = page.getByLabel('What happened, newest first');
  const [list, row] = await Promise.all([marks.boundingBox(), marks.getByRole('listitem').first().boundingBox()]);
  assert.ok(list && row && list.height >= 6 * row.height, 'six causes can be read at once');
});

test('what would be with another number of instances is said before, on the page and in the terminal', async () => {
  const whatIf = page.getByTestId('what-if-inventory-service');
  await whatIf.locator('summary').click();
  await whatIf.getByRole('spinbutton').fill('4');
  await whatIf
    .getByTestId('what-if-text')
    .getByText(/^With 4 instances.*one of them is idle\.$/)
    .waitFor();
  await whatIf.getByText(/scale inventory-service=4 --what-if$/).waitFor();
  assert.match(await lab.run('scale', 'inventory-service=4', '--what-if'), /^inventory-service\.4 +nothing: idle/m);
  const found = JSON.parse(await lab.run('scale', 'inventory-service=3', '--what-if', '--json'));
  assert.deepEqual(
    found.readers.map(({ partitions }: { partitions: { partition: number }[] }) => partitions.map(({ partition }) => partition)),
    [[0], [1], [2]],
  );
  assert.equal(await running(), 2, 'nothing was changed');
});

test('what helps is done beside the cause, and the lag is seen to go', async () => {
  await page.evaluate('scrollTo(0, 0)');
  await page.getByRole('button', { name: 'One instance more', exact: true }).click();
  await page.getByRole('link', { name: /inventory-service\.3: throttled/ }).waitFor();
  await page
    .getByTestId('insight')
    .getByText(/gone in about|not yet known/)
    .first()
    .waitFor();
  await lab.run('set', 'inventory-service', '--defaults');
  await page.getByTestId('insight').getByText('everything is read: 30,000 orders, no lag').waitFor();
  const books = '30,000 written = 30,000 decided + 0 duplicates + 0 dead-lettered + 0 in flight';
  await page.getByTestId('equation').getByText(books, { exact: true }).waitFor();
  assert.match(await lab.run('ledger'), new RegExp(`${books.replaceAll('+', '\\+')}: nothing lost, none decided twice`));
});

test('quick clicks all count', async () => {
  for (let clicks = 0; clicks < 3; clicks += 1) await more.click();
  await until(async () => (await running()) === 6, { what: 'six instances' });
  for (let clicks = 0; clicks < 4; clicks += 1) await less.click();
  await until(async () => (await running()) === 2, { what: 'two instances' });
});

test('what an autoscaler would have done is drawn, moves with its thresholds, and is told in the terminal', async () => {
  await page.getByRole('tab', { name: 'Autoscaler' }).click();
  const panel = page.getByRole('tabpanel');
  await panel.getByTestId('autoscale-text').waitFor();
  await panel.getByLabel(/^lagThreshold/).fill('0');
  await panel.getByText(/autoscale inventory-service --lagThreshold 10$/).waitFor();
  const found = JSON.parse(await lab.run('autoscale', '--per-instance', '200', '--lagThreshold', '10', '--json'));
  assert.equal(found.mostReplicas, 3);
  assert.ok(found.points.length > 10);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await seriousViolations(page), [], colorScheme);
  }
});

test('on a phone each part is one tap away, wherever one is', async () => {
  const phone = await browser.newPage({ viewport: { width: 390, height: 844 } });
  await phone.goto(lab.url);
  await phone.getByText('● live').waitFor();
  const nav = phone.getByRole('navigation', { name: 'Parts of the page' });
  for (const [name, target] of [
    ['Controls', '#controls'],
    ['Figures', '#figures'],
    ['Lag', '#lag'],
    ['Picture', '#picture'],
  ] as const) {
    await nav.getByRole('link', { name, exact: true }).click();
    await until(
      async () => Math.abs(Number(await phone.evaluate(`document.querySelector('${target}').getBoundingClientRect().top`))) < 200,
      {
        what: `${name} is in sight`,
      },
    );
    const box = await nav.boundingBox();
    assert.ok(box && box.y + box.height <= 844 && box.y > 700, 'the way to the others stays');
  }
  const cutOff = `[...document.querySelectorAll('.group')].flatMap((group) => {
    const [trend, figures] = [group.querySelector('.trend'), group.querySelector('dl')].map((one) => one.getBoundingClientRect());
    const wide = [...group.querySelectorAll('dd')].filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.innerText);
    return [...(trend.bottom > figures.top + 1 ? ['the trend stands in the figures'] : []), ...wide];
  })`;
  assert.deepEqual(await phone.evaluate(cutOff), []);
  await phone.close();
});

test('nothing went wrong inside the page', () => {
  assert.deepEqual(seen.errors, []);
});

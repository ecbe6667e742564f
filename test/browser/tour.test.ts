/** The guided tour and the keyboard in a real browser, and what a person finds who looks closer, against one real lab. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seriousViolations } from '../support/browser.ts';
import { openDashboard } from '../support/dashboard.ts';
import { patienceMs, until } from '../support/until.ts';

const { lab, browser, page, seen } = await openDashboard({ reducedMotion: 'reduce' });
await page.goto(lab.url);
await page.getByText('● live').waitFor();

const tour = () => page.getByTestId('tour');
const step = (title: string) => tour().locator('li.now').getByText(title, { exact: true }).waitFor();

test('a tour is chosen by the keyboard, shows what it is about, and ticks off what was done', async () => {
  await page.getByRole('button', { name: 'Guided tour' }).focus();
  await page.keyboard.press('Enter');
  await until(() => page.evaluate("document.activeElement.id === 'tour-title'"), {
    what: 'the focus is in the tour',
  });
  await tour()
    .getByRole('button', { name: /^Replay/ })
    .press('Enter');
  await step('Have some orders');
  const form = page.getByRole('form', { name: 'Send a burst of orders' });
  await form.getByLabel('Orders').fill('200');
  await form.getByLabel('Speed').selectOption('as fast as it can');
  await form.getByRole('button', { name: 'Send' }).press('Enter');
  await step('Start the replay');
  await tour().getByRole('button', { name: 'Show me where' }).press('Enter');
  const replay = page.getByRole('region', { name: 'Replay the whole log' });
  const [above, below] = [await tour().boundingBox(), await replay.boundingBox()];
  assert.ok(above && below && below.y >= above.y + above.height, 'what is shown is not under the tour');
  await until(async () => (await page.getByTestId('lag-inventory-service').innerText()) === '0', { what: 'lag 0' });
  await replay.getByRole('button', { name: 'Replay', exact: true }).press('Enter');
  await tour()
    .getByText(/^The log is the truth/)
    .waitFor({ timeout: patienceMs });
  await until(async () => /identical|over/.test(await page.getByRole('status').last().innerText()), {
    what: 'it is read out',
  });
});

test('Escape closes the tour and gives the focus back', async () => {
  await page.keyboard.press('Escape');
  await tour().waitFor({ state: 'detached' });
  assert.equal(await page.evaluate('document.activeElement.id'), 'tour-button');
});

test('each stop of the Tab key is in sight and marked, and there is a way out', async () => {
  await page.reload();
  await page.getByText('● live').waitFor();
  const stop = `(() => {
    const at = document.activeElement;
    if (at === null || at === document.body) return null;
    const { top, bottom, width } = at.getBoundingClientRect();
    const isMarked = getComputedStyle(at).outlineStyle === 'solid';
    const name = at.tagName + ' ' + (at.getAttribute('aria-label') ?? at.textContent).trim().slice(0, 40);
    return isMarked && bottom > 0 && top < innerHeight && width > 0 ? '' : name;
  })()`;
  let stops = 0;
  for (; stops < 200; stops += 1) {
    await page.keyboard.press('Tab');
    const wrong = (await page.evaluate(stop)) as string | null;
    if (wrong === null) break;
    assert.equal(wrong, '', 'is seen when the focus is on it');
  }
  assert.ok(stops > 40 && stops < 200, `${stops} stops`);
});

test('a command names this lab: its home and its broker', async () => {
  await page.getByRole('tab', { name: 'Groups' }).click();
  const panel = page.getByRole('tabpanel');
  await panel.getByText(`LAB_HOME=${lab.home} ./lab lag inventory-service-group`).waitFor();
  await panel.getByText('By Kafka’s own tool').first().click();
  await panel.getByText(/--bootstrap-server 127\.0\.0\.1:\d+ --describe --group inventory-service-group$/).waitFor();
});

test('a single partition can be planned, and none is no plan', async () => {
  const form = page.getByRole('form', { name: 'Move a group in its topics' });
  await form.getByRole('combobox', { name: 'Topics' }).selectOption('order-events');
  for (const partition of ['partition 0', 'partition 2']) await form.getByRole('checkbox', { name: partition }).uncheck();
  await form.getByText('--topic order-events:1').first().waitFor();
  await form.getByRole('button', { name: 'Plan', exact: true }).click();
  await page.getByTestId('offsets-plan').getByText('Nothing is changed yet').waitFor();
  assert.equal(await page.getByTestId('offsets-plan').locator('tbody tr').count(), 1);
  await form.getByRole('checkbox', { name: 'partition 1' }).uncheck();
  assert.ok(await form.getByRole('button', { name: 'Plan', exact: true }).isDisabled());
  await form.getByText('choose a partition').waitFor();
});

test('topics show what was set for them, and an order that is nowhere is said to be nowhere', async () => {
  await page.getByRole('tab', { name: 'Topics' }).click();
  const settings = page.locator('details:has(> summary > b:text-is("lab-settings"))');
  await settings.locator('summary').first().click();
  await settings.getByText('cleanup.policy=compact', { exact: true }).waitFor();
  await page.getByRole('tab', { name: "An order's journey" }).click();
  await page.getByLabel('Order id').fill('nobody-ever-ordered-this');
  await page.getByRole('button', { name: 'Follow', exact: true }).click();
  await page.getByText(/^no record has the key nobody-ever-ordered-this: .* looked at, that is all$/).waitFor();
});

test('what is old can still be read, light and dark', async () => {
  const open = await browser.newContext({ bypassCSP: true, viewport: { width: 1440, height: 1000 } });
  const stale = await open.newPage();
  await stale.goto(lab.url);
  stale.once('dialog', (dialog) => dialog.accept());
  await stale.getByRole('button', { name: 'Stop kafka' }).click();
  await stale.getByText(/^No data from Kafka since/).waitFor({ timeout: patienceMs });
  for (const colorScheme of ['light', 'dark'] as const) {
    await stale.emulateMedia({ colorScheme });
    assert.deepEqual(await seriousViolations(stale), [], colorScheme);
  }
  await open.close();
});

test('nothing went wrong inside the page', () => {
  assert.deepEqual(seen.errors, []);
});

/** A lecture in a real browser: the picture alone, and a tour by the space bar, against one real lab. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Snapshot } from '../../src/order-lab/wire/all.ts';
import { seriousViolations } from '../support/browser.ts';
import { openDashboard } from '../support/dashboard.ts';
import { until } from '../support/until.ts';

const { lab, browser, page, seen } = await openDashboard({ viewport: { width: 1920, height: 1080 } });
await page.goto(lab.url);
await page.getByText('● live').waitFor();

const lecture = page.getByTestId('lecture');
const step = page.getByRole('region', { name: 'Step' });
const space = (): Promise<void> => page.keyboard.press(' ');

test('it shows the picture alone, as large as the screen, and nothing of it is cut off', async () => {
  await page.getByRole('button', { name: 'Lecture' }).click();
  await lecture.getByRole('link', { name: /order-events partition 2/ }).waitFor();
  assert.equal(await page.getByRole('region', { name: 'Metrics' }).count(), 0);
  assert.equal(await page.getByRole('button', { name: 'Send', exact: true }).count(), 0);
  const [wide, high] = (await page.evaluate(
    '[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]',
  )) as number[];
  assert.ok(Number(wide) <= 0 && Number(high) <= 0, `${wide} and ${high} px beyond the screen`);
  // Read from the last row: a word is no smaller than a sixtieth of the height.
  const smallest =
    (await page.evaluate(`Math.min(...[...document.querySelectorAll('[data-testid=lecture] svg text, [data-testid=lecture] p, [data-testid=lecture] h1')]
    .filter((one) => one.textContent.trim() !== '' && one.getBoundingClientRect().height > 1)
    .map((one) => Number.parseFloat(getComputedStyle(one).fontSize) * (one.ownerSVGElement ? one.ownerSVGElement.getScreenCTM().a : 1)))`)) as number;
  assert.ok(smallest >= 1080 / 60, `${smallest} px`);
});

test('the space bar gives a whole tour: it does each step, the lab ticks it, and it goes on', async () => {
  await step.getByRole('button', { name: 'Replay', exact: true }).click();
  await step.getByText('1/3 Have some orders').waitFor();
  await step.getByText('Space: do it').waitFor();
  await space();
  await step.getByText('Space: go on').waitFor();
  await step.getByText('✓').waitFor();
  const isRead = async (): Promise<boolean> => {
    const { live } = (await (await fetch(`${lab.url}/api/snapshot`)).json()) as Snapshot;
    return live.groups.every(({ totalLag }) => totalLag === 0);
  };
  await until(isRead, { what: 'all is read' });
  await space();
  await step.getByText('2/3 Start the replay').waitFor();
  await space();
  await step.getByText('✓').waitFor();
  await space();
  await step.getByText('3/3 Identical?').waitFor();
  await step.getByText('✓').waitFor();
  await page
    .getByRole('status')
    .getByText(/^(Done: Identical\?|Replay over: identical)$/)
    .waitFor({ state: 'attached' });
  await page.keyboard.press('ArrowLeft');
  await step.getByText('2/3 Start the replay').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Lecture' }).waitFor();
});

test('a link leads into the middle of a tour, and what the lab refuses is said', async () => {
  await page.goto(`${lab.url}/#lecture?tour=consumer-lag&step=4`);
  await page.reload();
  await step.getByText('4/6 Scale out').waitFor();
  await page.route('**/api/scale', (request) =>
    request.fulfill({ status: 409, contentType: 'application/problem+json', body: '{"detail":"not now"}' }),
  );
  await space();
  await step.getByText('not now').waitFor();
  await page.unroute('**/api/scale');
  await space();
  await lecture.getByText(/inventory 3/).waitFor();
});

test('no serious accessibility violation, light and dark', async () => {
  const open = await browser.newContext({ bypassCSP: true, viewport: { width: 1440, height: 900 } });
  const at = await open.newPage();
  for (const colorScheme of ['light', 'dark'] as const) {
    await at.emulateMedia({ colorScheme });
    await at.goto(`${lab.url}/#lecture?tour=consumer-lag`);
    await at.getByTestId('lecture').waitFor();
    assert.deepEqual(await seriousViolations(at), [], colorScheme);
  }
  await open.close();
});

test('nothing went wrong inside the page', () => {
  assert.deepEqual(
    seen.errors.filter((text) => !/409/.test(text)),
    [],
  );
});

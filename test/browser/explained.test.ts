/** What the page explains beyond a number (four lags, Jepsen's names, how good a what-if was), in a real browser against one real lab. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { Snapshot } from '../../src/lab/wire/all.ts';
import { seriousViolations } from '../support/browser.ts';
import { openDashboard } from '../support/dashboard.ts';
import { openTransaction } from '../support/stranger.ts';
import { until } from '../support/until.ts';

const { lab, browser, page, seen } = await openDashboard({ viewport: { width: 1440, height: 900 }, bypassCSP: true }, [
  '--scale',
  'inventory-service=2',
]);
await page.goto(lab.url);
await page.getByText('● live').waitFor();

const snapshot = async (): Promise<Snapshot> => (await (await fetch(`${lab.url}/api/snapshot`)).json()) as Snapshot;
const hasNoLag = ({ live }: Snapshot): boolean => live.groups.every(({ totalLag }) => totalLag === 0);
const isRead = async (): Promise<boolean> => hasNoLag(await snapshot());
/** The records of order-events, as the lab knew them when it last looked at lags. */
const ordersIn = ({ layout, samples }: Snapshot): number =>
  layout.ends.reduce((sum, { topic }, index) => sum + (topic === 'order-events' ? (samples.at(-1)?.ends[index] ?? 0) : 0), 0);
const post = async (path: string, body: object): Promise<void> => {
  const headers = { 'content-type': 'application/json', origin: lab.url };
  const { ok, status } = await fetch(`${lab.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  assert.ok(ok, `${path}: ${status}`);
};
/** Waits until it is in force everywhere; null: the defaults of all. */
const setThrottle = async (throttleMs: number | null): Promise<void> => {
  const wanted = throttleMs === null ? {} : { throttleMs };
  await post('/api/settings/inventory-service', throttleMs === null ? { defaults: true } : wanted);
  const isInForce = async (): Promise<boolean> => {
    const { everywhere = false, set = null } = (await snapshot()).live.settings['inventory-service'] ?? {};
    return everywhere && isDeepStrictEqual(set, wanted);
  };
  await until(isInForce, { what: `${JSON.stringify(wanted)} is in force` });
};
const burst = (count: number): Promise<void> => post('/api/burst', { count });
/** Also where the verb ends with exit code 1. */
const told = (...args: string[]): Promise<string> => lab.run(...args).catch((error: { stdout: string }) => error.stdout);

test('a step of a tour that was so before it began is not ticked; it says so, and there is a way on', async () => {
  await setThrottle(10);
  await page
    .getByRole('link', { name: /inventory-service\.1: throttled/ })
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Guided tour' }).click();
  const tour = page.getByTestId('tour');
  await tour.getByRole('button', { name: /^Consumer lag/ }).click();
  await tour.getByTestId('so-already').waitFor();
  await tour.locator('li.now').getByText('Make inventory slow', { exact: true }).waitFor();
  await tour.getByRole('button', { name: 'Go on' }).click();
  await tour.locator('li.now').getByText('Send a burst', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
});

test('what was foretold before a scale is held against what then happened, on the page and in “What happened”', async () => {
  await burst(4000);
  await page.getByTestId('what-if-inventory-service').locator('summary').click();
  await page
    .getByTestId('what-if-text')
    .filter({ hasText: /^With 3 instances: gone in about/ })
    .waitFor();
  await page.getByRole('button', { name: 'One inventory instance more' }).click();
  const foretold = page.getByTestId('foretold-inventory-service');
  await foretold.filter({ hasText: /foretold for 3 instances: gone in about \d+ s$/ }).waitFor();
  await foretold.filter({ hasText: /foretold for 3 instances: said \d+ s, took \d+ s/ }).waitFor();
  await page
    .getByLabel('What happened, newest first')
    .getByText(/inventory-service: foretold for 3 instances: said \d+ s, took \d+ s/)
    .waitFor();
});

test('four lags stand side by side, with the one that matters and whose transaction is open; the terminal says the same', async () => {
  await setThrottle(30);
  await burst(12_000);
  await page.getByRole('tab', { name: 'Groups' }).click();
  const table = page.getByTestId('four-lags-inventory-service');
  await table.locator('summary').click();
  const row = (partition: number) => table.locator('tbody tr').nth(partition);
  await row(1)
    .getByText(/^[\d,]+ records wait to be read$/)
    .waitFor();
  const numbers = async (partition: number): Promise<number[]> =>
    (await row(partition).locator('td.num').allInnerTexts()).slice(1).map((text) => Number(text.replaceAll(',', '')));
  // Whole batches are in the hands of a reader, a few records each at this pace; analytics reads the orders at its own.
  await until(
    async () => {
      const [end = 0, stable = 0, fetched = 0, visible = 0] = await numbers(1);
      return fetched > 0 && fetched < end && stable > 0 && visible < end;
    },
    { what: 'all four are known' },
  );
  await using stranger = await openTransaction('order-events', 0, 900_000, (await snapshot()).terminal.brokers ?? '');
  await row(0)
    .getByText(new RegExp(`^1 record of [\\d,]+ may not be read by anybody yet: .*${stranger.transactionalId}`))
    .waitFor();
  const [inTerminal, inJson] = await Promise.all([
    lab.run('lag', '--behind', 'inventory-service-group'),
    lab.run('lag', '--json', 'inventory-service-group'),
  ]);
  assert.match(inTerminal, /^GROUP +TOPIC +PARTITION +END +STABLE +FETCHED +VISIBLE +WHAT MATTERS$/m);
  assert.match(inTerminal, new RegExp(`order-events +0 .* may not be read by anybody yet: .*${stranger.transactionalId}`));
  const [{ partitions, forecast }] = JSON.parse(inJson) as [
    { partitions: { behind: { matters: string; end: number; stable: number } }[]; forecast: { text: string } | null },
  ];
  assert.match(forecast?.text ?? '', /\S/, 'the running lab says when it is gone, or why that is not known');
  assert.equal(partitions[0]?.behind.matters, 'stable');
  assert.equal(partitions[1]?.behind.matters, 'end');
  await stranger.abort();
  await row(0)
    .getByText(/wait to be read$/)
    .waitFor();
  await setThrottle(null);
  await until(isRead, { what: 'all is read' });
});

test('what the ledger finds has Jepsen’s name, its records, the fault and the process, on the page as in the terminal', async () => {
  // One that crashes, once a round: the group waits for each that is gone until its session is over.
  await post('/api/scale', { service: 'inventory-service', count: 1 });
  const check = page.getByTestId('ledger-check');
  await check.getByRole('button', { name: 'Check each record' }).click();
  await check.getByText('balanced', { exact: true }).waitFor();
  for (const [delivery, crash, name] of [
    ['at-least-once', 'after-produce', 'duplicate (Jepsen: duplicate)'],
    ['at-most-once', 'after-commit', 'lost write (Jepsen: lost-write)'],
  ] as const) {
    const crashes = async (): Promise<number> => (await snapshot()).marks.filter(({ kind }) => kind === 'crash').length;
    const before = await crashes();
    const written = ordersIn(await snapshot());
    await lab.run('set', 'inventory-service', `delivery=${delivery}`, `crash=${crash}`);
    await burst(300);
    await until(async () => (await crashes()) > before, { what: 'it crashed' });
    // By the weak guarantee too: an exactly-once reader would recognise what is decided.
    const isReadAgain = async (): Promise<boolean> => {
      const now = await snapshot();
      // A lag of before the burst is 0 too.
      return ordersIn(now) >= written + 300 && hasNoLag(now);
    };
    await until(isReadAgain, { what: 'all is read again' });
    await setThrottle(null);
    await check.getByRole('button', { name: 'Check each record' }).click();
    const inTerminal = told('ledger');
    const finding = check.locator('ol > li').filter({ hasText: name }).first();
    await finding
      .getByText(/^crash of inventory-service\.\d, /)
      .first()
      .waitFor();
    await finding
      .getByRole('link', { name: /^order-events\/\d@\d+$/ })
      .first()
      .waitFor();
    assert.match(await finding.innerText(), /by inventory-service\.\d/);
    assert.ok((await inTerminal).includes(name), await inTerminal);
    assert.match(await inTerminal, /near: crash of inventory-service\.\d at/);
  }
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await seriousViolations(page), [], colorScheme);
  }
});

test('on a phone no line of a partition runs behind an instance that does not read it', async () => {
  await post('/api/scale', { service: 'inventory-service', count: 5 });
  const phone = await browser.newPage({ viewport: { width: 390, height: 844 } });
  await phone.goto(lab.url);
  await phone.getByRole('link', { name: /inventory-service\.5: / }).waitFor();
  const idle = phone.locator('svg a rect.card.idle');
  await until(async () => (await idle.count()) === 2, { what: 'two are idle' });
  const crossed = await phone.evaluate(`(() => {
    const cards = [...document.querySelectorAll('svg a rect.card.idle')].map((one) => one.getBBox());
    return [...document.querySelectorAll('svg path.line')].filter((path) => {
      const points = Array.from({ length: 200 }, (_, i) => path.getPointAtLength((path.getTotalLength() * i) / 199));
      return cards.some((card) => points.some(({ x, y }) => x > card.x && x < card.x + card.width && y > card.y && y < card.y + card.height));
    }).length;
  })()`);
  assert.equal(crossed, 0);
  await phone.close();
});

test('nothing went wrong inside the page', () => {
  assert.deepEqual(seen.errors, []);
});

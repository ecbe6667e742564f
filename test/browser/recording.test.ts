/** A run that travels: saved from the page of a real lab, and played back from a file without lab, Kafka or network. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { seriousViolations } from '../support/browser.ts';
import { openDashboard } from '../support/dashboard.ts';
import { patienceMs, until } from '../support/until.ts';

const { lab, browser, page, seen } = await openDashboard();
const folder = mkdtempSync(join(tmpdir(), 'replayground-recording-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const saved = join(folder, 'saved.html');

const lagOf = async (at: Page): Promise<number> => Number((await at.getByTestId('lag-inventory-service').innerText()).replaceAll(',', ''));
const time = (at: Page) => at.getByLabel('Time', { exact: true });

test('one click saves what happened', async () => {
  await page.goto(lab.url);
  await page.getByText('● live').waitFor();
  await showsLicences(page);
  await lab.run('set', 'inventory-service', 'throttle=5ms');
  await lab.run('burst', '1500');
  await until(async () => (await lagOf(page)) > 500, { what: 'lag of more than 500' });
  await lab.run('scale', 'inventory-service=3');
  await page.getByRole('link', { name: /inventory-service\.3: (owns|throttled)/ }).waitFor();
  await lab.run('set', 'inventory-service', 'throttle=0ms');
  await until(async () => (await lagOf(page)) === 0, { what: 'lag 0' });
  // The last second of the file is the last that the page was told: the lag may be gone before the throttle is seen to be.
  await page.getByRole('link', { name: /inventory-service\.3: owns partition/ }).waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save this run' }).click()]);
  assert.match(download.suggestedFilename(), /^replayground-orders-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.html$/);
  await download.saveAs(saved);
  await page
    .getByRole('status')
    .getByText(/^Saved as replayground-orders-/)
    .waitFor({ state: 'attached' });
  assert.ok(statSync(saved).size < 2_000_000);
});

test('the terminal saves the same, and says where', async () => {
  const file = join(folder, 'terminal.html');
  const said = JSON.parse(await lab.run('record', '--minutes', '1', '--out', file, '--json')) as { file: string; bytes: number };
  assert.deepEqual(said, { file, bytes: statSync(file).size });
  assert.match(readFileSync(file, 'utf8'), /id="recording"/);
});

test('it plays back offline: no request, no error, and the slider, the keys and the causes move the figures', async () => {
  const { at, requests, errors, close } = await openRecorded(browser);
  // The lab had heard nothing from Kafka in its first seconds.
  await at.locator('#picture').getByText('partition 0', { exact: true }).first().waitFor();

  const max = Number(await time(at).getAttribute('max'));
  const seenLags: number[] = [];
  for (let second = 0; second <= max; second += 1) {
    await time(at).fill(String(second));
    seenLags.push(await lagOf(at));
  }
  // What the lab did not know yet in its first seconds is not known here either.
  assert.ok(Math.max(...seenLags.filter((lag) => !Number.isNaN(lag))) > 500, `the lag is seen: ${seenLags}`);
  assert.equal(seenLags.at(-1), 0);

  await time(at).press('Home');
  await at.locator('h1').click();
  await at.keyboard.press('ArrowRight');
  assert.equal(await time(at).inputValue(), '1');
  await at.keyboard.press('End');
  assert.equal(await time(at).inputValue(), String(max));
  await at.keyboard.press('p');
  assert.ok(Number(await time(at).inputValue()) < max, 'the cause before');
  await at
    .getByRole('status')
    .getByText(/^\d\d:\d\d:\d\d, /)
    .waitFor({ state: 'attached' });
  await at.keyboard.press('Home');
  await at.keyboard.press(' ');
  await at.getByRole('button', { name: '❚❚ Pause' }).waitFor();
  await until(async () => Number(await time(at).inputValue()) >= 3, { what: 'it plays' });
  await at.keyboard.press(' ');
  await at.getByRole('button', { name: '▶ Play' }).waitFor();

  const causes = at.getByLabel('What happened, in its order');
  const scaled = causes.getByRole('listitem').filter({ hasText: /scale/ }).first();
  await scaled.getByRole('button').click();
  assert.match(await at.getByTestId('player').innerText(), /scale: inventory-service/);
  await time(at).press('End');
  await at.getByRole('link', { name: /inventory-service\.3: owns partition/ }).waitFor();

  assert.deepEqual(errors, []);
  assert.deepEqual(requests, [`file://${saved}`]);
  await close();
});

test('nothing in it can change anything, and what is inside can be looked at', async () => {
  const { at, errors, requests, close } = await openRecorded(browser);
  await time(at).press('End');
  for (const name of ['Send', 'Defaults', 'Replay', 'Guided tour', 'Save this run', 'Execute']) {
    assert.equal(await at.getByRole('button', { name, exact: true }).count(), 0, name);
  }
  const panel = at.getByRole('tabpanel');
  await at.getByRole('tab', { name: 'Records' }).click();
  await panel.getByText('OrderPlaced').first().waitFor();
  await panel.getByPlaceholder('exactly this one').fill('nobody');
  await panel.getByPlaceholder('exactly this one').press('Enter');
  await panel.getByText('this was not looked at while it was recorded').waitFor();
  await at.getByRole('tab', { name: 'Topics' }).click();
  await panel.getByText('lab-settings', { exact: true }).waitFor();
  await at.getByRole('tab', { name: 'Dead letters' }).click();
  await panel.getByText('No dead letters').waitFor();
  assert.equal(await panel.getByRole('button', { name: /redrive|back/ }).count(), 0);
  await at.getByRole('tab', { name: 'Logs' }).click();
  await until(async () => (await panel.getByRole('log').locator('div').count()) > 3, { what: 'lines of the log' });
  await showsLicences(at);
  assert.deepEqual(errors, []);
  assert.deepEqual(requests, [`file://${saved}`]);
  await close();
});

test('no serious accessibility violation, light and dark, on a desk and on a phone', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ]) {
      const { at, close } = await openRecorded(browser, { colorScheme, viewport, bypassCSP: true });
      await time(at).fill('20');
      assert.deepEqual(await seriousViolations(at), [], `${colorScheme}, ${viewport.width}`);
      assert.ok(Number(await at.evaluate('document.documentElement.scrollWidth - innerWidth')) <= 0, 'nothing is wider than the screen');
      await close();
    }
  }
});

test('nothing went wrong inside the live page', () => {
  assert.deepEqual(seen.errors, []);
});

async function showsLicences(at: Page): Promise<void> {
  await at.getByText('Licences', { exact: true }).click();
  await at
    .getByRole('region', { name: /Licences/ })
    .getByText(/Svelte Contributors[\s\S]*Permission is hereby granted/)
    .waitFor();
}

type Opened = { at: Page; requests: string[]; errors: string[]; close: () => Promise<void> };

/** The saved file in a browser that has no network. */
async function openRecorded(from: Browser, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await from.newContext({ offline: true, viewport: { width: 1440, height: 900 }, ...options });
  const at = await context.newPage();
  at.setDefaultTimeout(patienceMs);
  const requests: string[] = [];
  const errors: string[] = [];
  at.on('request', (request) => void (request.url().startsWith('data:') || requests.push(request.url())));
  at.on('pageerror', ({ message }) => void errors.push(message));
  at.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
  await at.goto(`file://${saved}`);
  await at.getByTestId('player').waitFor();
  return { at, requests, errors, close: () => context.close() };
}

/** Makes the pictures of the README from a real lab in the middle of a burst: `./lab node scripts/screenshots.ts`. */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { BurstRequest, Snapshot } from '../src/order-lab/wire/all.ts';
import { projectRoot } from '../src/pipeline/settings/read-settings.ts';
import { openBrowser } from '../test/support/browser.ts';
import { startOwnLab } from '../test/support/running-lab.ts';
import { until } from '../test/support/until.ts';

const folder = join(projectRoot, 'docs/images');
/** A picture in a README should not make it slow (bytes). */
const mostBytes = 300_000;

await using lab = await startOwnLab();
await using browser = await openBrowser();
mkdirSync(folder, { recursive: true });

const post = async (path: string, body: unknown): Promise<void> => {
  const headers = { 'content-type': 'application/json', origin: lab.url };
  const { ok, status } = await fetch(`${lab.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!ok) throw new Error(`${path}: ${status}`);
};
const lag = async (): Promise<number> => {
  const { live } = (await (await fetch(`${lab.url}/api/snapshot`)).json()) as Snapshot;
  return live.groups.find(({ service }) => service === 'inventory-service')?.totalLag ?? 0;
};

await post('/api/settings/inventory-service', { throttleMs: 10 });
await post('/api/burst', { count: 8000, ratePerSec: 500 } satisfies BurstRequest);
await until(async () => (await lag()) > 5000, { what: 'lag of more than 5,000', deadlineMs: 120_000 });
await post('/api/scale', { service: 'inventory-service', count: 4 });
await until(async () => (await lag()) < 4500, { what: 'lag that falls', deadlineMs: 120_000 });

await take('dashboard-light.png', { width: 1440, height: 1120 }, 'light');
await take('dashboard-dark.png', { width: 1440, height: 1120 }, 'dark');
await take('dashboard-phone.png', { width: 390, height: 844 }, 'light', async (page) => {
  await page.getByRole('button', { name: 'Guided tour' }).click();
  await page.getByRole('button', { name: /^Consumer lag/ }).click();
});

await until(async () => (await lag()) === 0, { what: 'lag 0', deadlineMs: 120_000 });
const recording = join(lab.home, 'recording.html');
await lab.run('record', '--out', recording);
const played = await browser.newPage({ viewport: { width: 1440, height: 1120 }, reducedMotion: 'reduce' });
await played.goto(`file://${recording}`);
await played.locator('[data-testid=timeline] canvas').waitFor();
const slider = played.getByLabel('Time', { exact: true });
await slider.fill(String(Math.floor(Number(await slider.getAttribute('max')) * 0.6)));
await shoot(played, 'recording.png');

async function take(
  name: string,
  viewport: { width: number; height: number },
  colorScheme: 'light' | 'dark',
  prepare: (page: Page) => Promise<void> = async () => {},
): Promise<void> {
  const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
  // Commands as they read in a lab in its usual place: this one is in a folder for the moment.
  await page.route('**/api/snapshot', async (route) => {
    const response = await route.fetch();
    const snapshot = (await response.json()) as Snapshot;
    await route.fulfill({ response, json: { ...snapshot, terminal: { ...snapshot.terminal, labHome: null } } });
  });
  await page.goto(lab.url);
  await page.getByText('● live').waitFor();
  await page.locator('[data-testid=timeline] canvas').waitFor();
  await prepare(page);
  await shoot(page, name);
}

/** Closes the page. */
async function shoot(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(1500); // the chart is drawn once a second
  const path = join(folder, name);
  await page.screenshot({ path });
  await page.close();
  const { size } = statSync(path);
  if (size > mostBytes) throw new Error(`${name} has ${size} bytes: more than ${mostBytes}`);
  console.log(`${name}: ${Math.round(size / 1000)} kB`);
}

/** The page in a real browser, against a real lab with a Kafka of its own. */
import { after } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { collectErrors, openBrowser, type PageErrors } from './browser.ts';
import { type OwnLab, startOwnLab } from './running-lab.ts';
import { patienceMs } from './until.ts';

export type Dashboard = { lab: OwnLab; browser: Browser; page: Page; seen: PageErrors };

/**
 * For the top of a test file; lab and browser are closed after its tests.
 * @param options of the page, which is not at the lab's address yet
 * @param how arguments of `up`
 */
export async function openDashboard(options: BrowserContextOptions = {}, how: readonly string[] = []): Promise<Dashboard> {
  // One after the other: where one fails, the other is still closed.
  const browser = await openBrowser();
  after(() => browser.close());
  const lab = await startOwnLab({}, how);
  after(() => lab[Symbol.asyncDispose]());
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 }, ...options });
  page.setDefaultTimeout(patienceMs);
  return { lab, browser, page, seen: collectErrors(page) };
}

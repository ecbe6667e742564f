/** A real browser for tests and screenshots: the machine's own Chrome or Chromium, else the one in the npm package (Linux). */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import chromiumPackage from '@sparticuz/chromium';
import { type Browser, chromium, type Page } from 'playwright-core';

const names = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser'];
const elsewhere = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];

/** @returns the browser; close it. It has no sandbox, since it sees only pages of this project. */
export async function openBrowser(): Promise<Browser> {
  const own = [
    ...(process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name))),
    ...elsewhere,
  ].find(existsSync);
  return chromium.launch({
    executablePath: own ?? (await chromiumPackage.executablePath()),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
}

/** What went wrong inside a page, for the test to look at in its end. */
export type PageErrors = { errors: string[] };

/** @returns a list that fills with errors of the page: exceptions, and what its Content-Security-Policy forbade */
export function collectErrors(page: Page): PageErrors {
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/net::ERR_|Failed to load resource/.test(message.text())) errors.push(message.text());
  });
  return { errors };
}

/** A real browser for tests and screenshots: the machine's own Chrome or Chromium, else the one in the npm package (Linux). */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import chromiumPackage from '@sparticuz/chromium';
import { type Browser, chromium, type Page } from 'playwright-core';
import { lockFile } from '../../src/pipeline/state/lock-file.ts';
import { until } from './until.ts';

const names = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser'];
const elsewhere = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];

/** @returns the browser; close it. It has no sandbox, since it sees only pages of this project. */
export async function openBrowser(): Promise<Browser> {
  const own = [
    ...(process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name))),
    ...elsewhere,
  ].find(existsSync);
  return chromium.launch({
    executablePath: own ?? (await unpackedBrowser()),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
}

/** Two tests that unpack it into the same folder at the same time would each start half of a program. */
async function unpackedBrowser(): Promise<string> {
  using _lock = await until(() => lockFile(join(tmpdir(), 'replayground-browser.lock')), {
    what: 'the browser is unpacked',
  });
  return await chromiumPackage.executablePath();
}

type Violation = { id: string; impact: string; nodes: { html: string }[] };

/**
 * @param page of a context with `bypassCSP`, since the checker is put into it
 * @returns what axe-core finds that is serious or critical: its rule, and the elements
 */
export async function seriousViolations(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } };
    return (await axe.run()).violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
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

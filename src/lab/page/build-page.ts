/** Builds the page when its sources have changed since the last time; what was built before stays until the new one is whole. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { projectRoot } from '../../pipeline/settings/read-settings.ts';
import { compressFiles } from './compress-files.ts';
import { inlineBuiltPage } from './inline-page.ts';
import { addNotices } from './notices.ts';
import { pageFolder, pageSources, recordingPageName } from './page-folder.ts';
import { sourceHash } from './source-hash.ts';

const stampName = '.sources';
const modules = join(projectRoot, 'node_modules');
const vite = join(modules, 'vite', 'bin', 'vite.js');

/** @returns whether there is a page, and it is built from the sources as they are */
export function isPageFresh(hash: string | undefined = sourceHash()): boolean {
  if (!existsSync(join(pageFolder, 'index.html'))) return hash === undefined;
  const stamp = join(pageFolder, stampName);
  return hash === undefined || (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash);
}

/**
 * A page that cannot be built costs the page, not the lab.
 * @param say gets a line when something is done or has failed
 */
export async function buildPageIfStale(say: (line: string) => void): Promise<void> {
  const hash = sourceHash();
  if (isPageFresh(hash) || hash === undefined) return;
  if (!existsSync(vite)) return say('the dashboard is not built, and the packages that build it are not installed: everything else works');
  say('building the dashboard (again only when its sources change)');
  const fresh = `${pageFolder}-${process.pid}`;
  const forRecordings = `${fresh}-recording`;
  const wrong = (await build(fresh)) ?? (await build(forRecordings, ['--mode', 'recording']));
  if (wrong !== undefined) {
    for (const folder of [fresh, forRecordings]) rmSync(folder, { recursive: true, force: true });
    return say(`the dashboard could not be built (${wrong}): everything else works`);
  }
  await compressFiles(join(fresh, 'assets'));
  for (const folder of [fresh, forRecordings]) addNotices(folder, modules);
  writeFileSync(join(fresh, recordingPageName), inlineBuiltPage(forRecordings));
  rmSync(forRecordings, { recursive: true, force: true });
  writeFileSync(join(fresh, stampName), hash);
  rmSync(pageFolder, { recursive: true, force: true });
  try {
    renameSync(fresh, pageFolder);
  } catch {
    // Another lab was faster, with the same sources.
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** @returns why it could not be built; undefined where it was */
async function build(folder: string, more: readonly string[] = []): Promise<string | undefined> {
  const args = [vite, 'build', pageSources, '--outDir', folder, '--emptyOutDir', '--logLevel', 'error', ...more];
  const { failed, stderr } = await execa(process.execPath, args, { cwd: projectRoot, reject: false, stdin: 'ignore' });
  if (!failed && existsSync(join(folder, 'index.html'))) return undefined;
  return stderr.split('\n').find((line) => line.trim() !== '') ?? 'no reason given';
}

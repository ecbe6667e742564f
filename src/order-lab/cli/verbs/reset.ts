/** `./lab reset`: stops the lab and deletes what it stored, as `docker compose down -v`; says what goes and what stays. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Place } from '../../../lab/answers/lab.ts';
import { defaultCacheDir } from '../../../lab/broker/jars.ts';
import { labLine, quoted } from '../../../lab/commands/terminal.ts';
import { dataEntries, deleteData, logEntries, requireLabHome } from '../../../lab/supervisor/lab-home.ts';
import { usageError } from '../../../lab/terminal/exit-codes.ts';
import { note, print, withJson } from '../../../lab/terminal/output.ts';
import type { Settings } from '../../../pipeline/settings/declarations.ts';
import { isPackaged } from '../../../pipeline/settings/packaged.ts';
import { isSet, projectRoot, readSettings } from '../../../pipeline/settings/read-settings.ts';
import { printJson } from '../../answers/print-answer.ts';
import { takeDown } from '../../client/take-down.ts';

type Options = { yes?: boolean; all?: boolean; json?: boolean };

export function register(program: Command): void {
  withJson(program.command('reset'))
    .description("stop the lab and delete Kafka's data, the services' stores and the logs of this LAB_HOME")
    .option('--yes', 'really delete')
    .option('--all', 'also the results, and say how to remove the rest: packages, Node, the cache')
    .addHelpText('after', '\nExamples:\n  ./lab reset --yes\n  ./lab reset --all --yes')
    .action(async ({ yes, all, json }: Options) => {
      const settings = readSettings();
      const what = all ? 'all data and results' : 'all data';
      if (!yes) throw usageError(`this deletes ${what} of the lab in ${settings.labHome}: add --yes to do it`);
      await resetAndTell(settings, { all: all ?? false, json: json ?? false });
    });
}

/** @throws ReplaygroundError `not-a-lab`, `lab-stuck` */
export async function resetAndTell(settings: Settings, { all, json }: { all: boolean; json: boolean }): Promise<void> {
  const { labHome } = settings;
  // Before anything is stopped: a folder that is not a lab's is refused.
  requireLabHome(labHome);
  await deleteData(labHome, []);
  await takeDown(labHome, note);
  const deleted = await deleteData(labHome, [...dataEntries, ...logEntries]);
  const results = placesOf(settings).filter(({ what }) => what === 'results');
  for (const { path } of all ? results : []) {
    await rm(path, { recursive: true, force: true });
    deleted.push(path);
  }
  const kept = placesOf(settings);
  if (json) return printJson<'reset'>({ deleted, kept });
  print(deleted.length > 0 ? deleted.map((path) => `deleted ${path}`).join('\n') : `nothing to delete in ${labHome}`);
  for (const { path, what } of kept) print(`kept ${path} (${what})`);
  if (!all && results.length > 0)
    print(`${labLine({ labHome: isSet('labHome') ? labHome : null, brokers: null }, ['reset', '--all', '--yes'])} deletes the results too`);
  if (all) print(`the rest goes by: rm -r ${kept.map(({ path }) => quoted(path)).join(' ')}`);
}

/**
 * @param settings where the lab has what
 * @param root folder of the project
 * @param cache of Kafka's jars
 * @returns what is there besides the data and the logs; a METRICS_DIR that somebody chose is theirs, and not listed
 */
export function placesOf(settings: Settings, root: string = projectRoot, cache: string = settings.labCache ?? defaultCacheDir()): Place[] {
  const results = [join(settings.labHome, 'results'), ...(isSet('labHome') ? [] : [join(root, 'results')])];
  const places = [
    ...results.filter((path) => path === settings.metricsDir).map((path) => ({ path, what: 'results' })),
    { path: join(root, isPackaged ? 'native' : '', 'node_modules'), what: 'packages: ./lab installs them again' },
    { path: join(root, '.node'), what: 'Node and the log of the installation: ./lab fetches it again' },
    { path: cache, what: "Kafka's jars and the built Kafka client, shared by all checkouts of this user" },
  ];
  return places.filter(({ path }) => existsSync(path));
}

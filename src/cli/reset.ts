/** `./lab reset`: stops the lab and deletes what it stored, as `docker compose down -v`. */
import type { Command } from 'commander';
import { dataEntries, deleteData, logEntries, requireLabHome } from '../lab/lab-home.ts';
import { readSettings } from '../settings/read-settings.ts';
import { takeDown } from './down.ts';
import { usageError } from './exit-codes.ts';
import { note, print, printJson, withJson } from './output.ts';

export function register(program: Command): void {
  withJson(program.command('reset'))
    .description("stop the lab and delete Kafka's data, the services' stores and the logs of this LAB_HOME")
    .option('--yes', 'really delete')
    .addHelpText('after', '\nExample:\n  ./lab reset --yes')
    .action(async ({ yes, json }: { yes?: boolean; json?: boolean }) => {
      const { labHome } = readSettings();
      if (!yes) throw usageError(`this deletes all data of the lab in ${labHome}: add --yes to do it`);
      // Before anything is stopped: a folder that is not a lab's is refused.
      requireLabHome(labHome);
      await deleteData(labHome, []);
      await takeDown(labHome, note);
      const deleted = await deleteData(labHome, [...dataEntries, ...logEntries]);
      if (json) printJson({ deleted });
      else print(deleted.length > 0 ? deleted.map((path) => `deleted ${path}`).join('\n') : `nothing to delete in ${labHome}`);
    });
}

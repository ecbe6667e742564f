/** `./lab down`: stops the lab of this LAB_HOME, and ends what a killed one left behind. */
import type { Command } from 'commander';
import { note, print, withJson } from '../../../lab/terminal/output.ts';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import { printJson } from '../../answers/print-answer.ts';
import { takeDown } from '../../client/take-down.ts';

export function register(program: Command): void {
  withJson(program.command('down'))
    .description('stop the services, then Kafka; the data stays')
    .option('-v, --volumes', 'delete the data too, as ./lab reset --yes')
    .addHelpText('after', '\nExample:\n  ./lab down')
    .action(async ({ volumes, json }: { volumes?: boolean; json?: boolean }) => {
      const settings = readSettings();
      if (volumes) {
        const { resetAndTell } = await import('./reset.ts');
        return await resetAndTell(settings, { all: false, json: json ?? false });
      }
      const { labHome } = settings;
      const result = await takeDown(labHome, note);
      if (json) printJson<'down'>(result);
      else print(result.wasRunning ? 'the lab is down' : `no lab was running in ${labHome}`);
    });
}

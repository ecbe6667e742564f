/** `./lab systems`: the systems that come with the lab, what each claims, and whether this machine can run it. */
import { basename, dirname } from 'node:path';
import type { Command } from 'commander';
import { ownSystems } from '../../systems/file/find-system.ts';
import { readSystem } from '../../systems/file/read-system.ts';
import { missingPrograms } from '../../systems/process/toolchain.ts';
import { note, printJson, printTable, withJson } from '../../terminal/output.ts';

export function register(program: Command): void {
  withJson(program.command('systems'))
    .description('list the systems that ./lab crash-test can break')
    .addHelpText('after', '\nExample:\n  ./lab systems')
    .action(({ json }: { json?: boolean }) => {
      const systems = ownSystems().map((file) => {
        const system = readSystem(file);
        const { summary = '', claims = null, folder } = system;
        return { name: basename(dirname(file)), summary, claims, folder, missing: missingPrograms(system) };
      });
      if (json) return printJson<'systems'>(systems);
      printTable(
        ['SYSTEM', 'CLAIMS', 'TOOLCHAIN', 'WHAT IT IS'],
        systems.map(({ name, claims, missing, summary }) => [
          name,
          claims,
          missing.length === 0 ? 'found' : `missing: ${missing.join(', ')}`,
          summary,
        ]),
      );
      note('\nBreak one: ./lab crash-test <system>. One of your own: ./lab system new <folder>, docs/your-own-consumer.md');
    });
}

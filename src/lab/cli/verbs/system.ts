/** `./lab system`: the schema of system.yaml for editors, and a first system to begin with. */
import type { Command } from 'commander';
import { newSystem } from '../../systems/new-system.ts';
import { SystemSchema } from '../../systems/system-schema.ts';
import { note, print } from '../../terminal/output.ts';

export function register(program: Command): void {
  const system = program.command('system').description('write a system.yaml: its schema, and one to begin with');
  system
    .command('schema')
    .description('print the JSON Schema of system.yaml, for editors')
    .addHelpText(
      'after',
      '\nExample:\n  ./lab system schema > system.schema.json\n\nIn system.yaml: # yaml-language-server: $schema=system.schema.json',
    )
    .action(() => print(JSON.stringify(SystemSchema, null, 2)));
  system
    .command('new')
    .description('write a small system that runs into a new folder')
    .argument('<folder>', 'a folder that does not exist, or is empty')
    .option('--from <system>', 'which one to begin with, see ./lab systems', 'python-autocommit')
    .addHelpText('after', '\nExample:\n  ./lab system new ../my-consumer --from python-manual-commit')
    .action((folder: string, { from }: { from: string }) => {
      for (const file of newSystem(folder, from)) note(`wrote ${file}`);
      note(`\nBreak it: ./lab crash-test ${folder.includes(' ') ? `'${folder}'` : folder}`);
    });
}

/** `./lab system`: the schema of system.yaml for editors, and a first system to begin with. */
import type { Command } from 'commander';
import { byLanguage, newSystem } from '../../systems/file/new-system.ts';
import { SystemSchema } from '../../systems/file/system-schema.ts';
import { note, printJson, withJson } from '../../terminal/output.ts';

export function register(program: Command): void {
  const system = program.command('system').description('write a system.yaml: its schema, and one to begin with');
  withJson(system.command('schema'))
    .description('print the JSON Schema of system.yaml, for editors')
    .addHelpText(
      'after',
      '\nExample:\n  ./lab system schema > system.schema.json\n\nIn system.yaml: # yaml-language-server: $schema=system.schema.json',
    )
    .action(() => printJson<'system-schema'>(SystemSchema as never));
  withJson(system.command('new'))
    .description('write a small system that runs into a new folder')
    .argument('<folder>', 'a folder that does not exist, or is empty')
    .option(
      '--from <system>',
      `which one to begin with: a name from ./lab systems, a folder, or ${Object.keys(byLanguage).join(', ')}`,
      'python',
    )
    .addHelpText('after', '\nExamples:\n  ./lab system new ../my-consumer\n  ./lab system new ../my-consumer --from python-transactions')
    .action((folder: string, { from, json }: { from: string; json?: boolean }) => {
      const made = newSystem(folder, from);
      if (json) return printJson<'system-new'>(made);
      for (const file of made.files) note(`wrote ${file}`);
      note(`\nBreak it: ./lab crash-test ${folder.includes(' ') ? `'${folder}'` : folder}`);
    });
}

/** `./lab schema`: what `--json` of each verb prints, as JSON Schema. */
import type { Command } from 'commander';
import { usageError } from '../../../lab/terminal/exit-codes.ts';
import { print, printTable, withJson } from '../../../lab/terminal/output.ts';
import { type AnswerName, answers, publishedSchema } from '../../answers/answer-table.ts';
import { printJson } from '../../answers/print-answer.ts';

export function register(program: Command): void {
  withJson(program.command('schema'))
    .description('the JSON Schema of what --json prints; without a name, which there are')
    .argument('[name]', 'a verb, such as lag, or another name of the list; error for what a verb that fails writes')
    .addHelpText('after', '\nExamples:\n  ./lab schema\n  ./lab schema lag > lag.schema.json')
    .action((name: string | undefined, { json }: { json?: boolean }) => (name === undefined ? list(json ?? false) : show(name)));
}

function list(json: boolean): void {
  const all = Object.entries(answers).map(([name, { command, prints, what }]) => ({ name, command, prints, what }));
  if (json) {
    printJson<'schema'>(all);
    return;
  }
  printTable(
    ['NAME', 'PRINTED BY', 'AS', 'WHAT IT IS'],
    all.map(({ name, command, prints, what }) => [
      name,
      `./lab ${command || '<verb>'} --json`,
      prints === 'lines' ? 'lines' : 'one value',
      what,
    ]),
  );
}

/** @throws ReplaygroundError `usage` */
function show(name: string): void {
  if (!Object.hasOwn(answers, name)) throw usageError(`there is no schema '${name}': one of ${Object.keys(answers).join(', ')}`);
  print(JSON.stringify(publishedSchema(name as AnswerName), null, 2));
}

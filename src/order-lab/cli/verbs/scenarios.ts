/** `./lab scenarios`: what can be run, one line each. */
import type { Command } from 'commander';
import { note, printTable, withJson } from '../../../lab/terminal/output.ts';
import type { Answer } from '../../answers/answer-table.ts';
import { printJson } from '../../answers/print-answer.ts';
import { allScenarios, type FoundScenario } from '../../scenario/find-scenarios.ts';

export function register(program: Command): void {
  withJson(program.command('scenarios'))
    .description('list the exercises that ./lab run can do')
    .addHelpText('after', '\nExample:\n  ./lab scenarios')
    .action(async ({ json }: { json?: boolean }) => {
      const found = await allScenarios();
      if (json) {
        printJson<'scenarios'>(found.map(scenarioJson));
        return;
      }
      printTable(
        ['SCENARIO', 'EXERCISES', 'WHAT IT SHOWS'],
        found.map(({ name, scenario }) => [name, scenario.exercises.join(' '), scenario.summary]),
      );
      note('\nRun one: ./lab run <scenario>. All: ./lab run --all. By hand: scenarios/<scenario>/README.md');
    });
}

function scenarioJson({ name, file, scenario: { run: _, options, ...facts } }: FoundScenario): Answer<'scenarios'>[number] {
  const shown = Object.entries(options ?? {}).map(([option, { default: given, ...one }]) => {
    return [option, typeof given === 'string' ? { ...one, default: given } : one] as const;
  });
  return { name, file, ...facts, ...(options && { options: Object.fromEntries(shown) }) };
}

/** What can follow on a command line, by the verbs as they are declared. */
import type { Command, Option } from 'commander';
import { operandValues, optionValues } from './values.ts';
import type { Candidate, Typed } from './words.ts';

/** All verbs, of which one is loaded when it is asked for. */
export type VerbTable = { names: readonly string[]; register: (program: Command, first: string) => Promise<void> };

/**
 * @param program in which the verb is registered
 * @returns verbs, parts of a verb, options, or what an option or a verb takes; empty where that is anything, or a file
 */
export async function candidates(program: Command, verbs: VerbTable, { before, current }: Typed): Promise<Candidate[]> {
  const [first] = before;
  if (first === undefined) return current.startsWith('-') ? optionsOf(program) : verbs.names.map((value) => ({ value }));
  if (!verbs.names.includes(first)) return [];
  await verbs.register(program, first);
  const { command, path, rest } = find(program, before);
  const { operands, open } = follow(command, rest);
  if (open) return open.argChoices ? open.argChoices.map((value) => ({ value })) : optionValues(open.long ?? '');
  if (current.startsWith('-')) return optionsOf(command);
  if (command.commands.length > 0) return command.commands.map((one) => ({ value: one.name(), what: one.description() }));
  return operandValues(path.join(' '), operands);
}

/** @returns the verb or its part, what it is called, and what stands behind it */
function find(program: Command, words: readonly string[]): { command: Command; path: string[]; rest: readonly string[] } {
  let command = program;
  const path: string[] = [];
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word);
    if (!next) break;
    command = next;
    path.push(word);
  }
  return { command, path, rest: words.slice(path.length) };
}

/** @returns the arguments that are no options, and the option whose value is to come */
function follow(command: Command, words: readonly string[]): { operands: string[]; open: Option | undefined } {
  const operands: string[] = [];
  let open: Option | undefined;
  for (const word of words) {
    if (open) open = undefined;
    else if (word.startsWith('-'))
      open = command.options.find(({ long, short, required, optional }) => (word === long || word === short) && (required || optional));
    else operands.push(word);
  }
  return { operands, open };
}

const optionsOf = (command: Command): Candidate[] => [
  ...command.options
    .filter(({ hidden, long }) => !hidden && long !== undefined)
    .map(({ long, description }) => ({ value: long as string, what: description })),
  { value: '--help', what: 'display help for command' },
];

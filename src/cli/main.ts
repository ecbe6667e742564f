/** `./lab`: reads the arguments, runs one verb, turns whatever ends it into one line and an exit code. */
import { Command, CommanderError } from 'commander';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { errorText, note } from './output.ts';

/** In the order in which the help lists them. */
const verbs: ((program: Command) => void)[] = [];

/** @returns the program with all verbs; parsing it runs one */
export function buildProgram(): Command {
  const program = new Command('lab')
    .description('A real Kafka order pipeline that you can overload, break, scale and replay on your own machine.')
    .usage('<verb> [options]')
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride();
  for (const register of verbs) register(program);
  for (const verb of program.commands) verb.option('--verbose', 'print the stack of an error too');
  return program;
}

async function main(args: readonly string[]): Promise<void> {
  const program = buildProgram();
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
      return;
    }
    const text = errorText(error, args.includes('--verbose'));
    if (text) note(text);
    process.exitCode = exitCodeOf(error);
  }
}

if (import.meta.main) await main(process.argv.slice(2));

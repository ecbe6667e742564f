/** `./lab`: reads the arguments, runs one verb, turns whatever ends it into one line and an exit code. */
import { Command, CommanderError } from 'commander';
import { register as doctor } from './doctor.ts';
import { register as down } from './down.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { register as lag } from './lag.ts';
import { register as logs } from './logs.ts';
import { register as node } from './node.ts';
import { errorText, note } from './output.ts';
import { register as ps } from './ps.ts';
import { register as reset } from './reset.ts';
import { register as scale } from './scale.ts';
import { register as serviceActions } from './service-actions.ts';
import { register as set } from './set.ts';
import { register as test } from './test.ts';
import { register as up } from './up.ts';

/** In the order in which the help lists them. */
const verbs = [up, down, reset, ps, logs, serviceActions, scale, set, lag, doctor, node, test];

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

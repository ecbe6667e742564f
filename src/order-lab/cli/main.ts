/** `./lab`: reads the arguments, runs one verb, turns whatever ends it into one line and an exit code. */
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import type { ReplaygroundError } from '../../kafka/errors.ts';
import { exitCodeOf, exitCodes, usageError } from '../../lab/terminal/exit-codes.ts';
import { asCalledHere, errorText, failureLine, note } from '../../lab/terminal/output.ts';
import { useLabNode } from '../../pipeline/service/use-lab-node.ts';
import { version } from '../../pipeline/settings/version.ts';
import { endOnClosedPipe } from './closed-pipe.ts';
import { explainedHere } from './explain-error.ts';
import { registerVerbs } from './verb-table.ts';

/**
 * @param first the verb that will be asked for; `undefined` for all
 * @param json whether errors are to be JSON too
 * @returns the program; parsing it runs one verb
 */
export async function buildProgram(first?: string, json = false): Promise<Command> {
  const program = new Command('lab')
    .description('A real Kafka order pipeline that you can overload, break, scale and replay on your own machine.')
    .usage('<verb> [options]')
    .version(version)
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => void process.stdout.write(asCalledHere(text)),
      writeErr: (text) => void process.stderr.write(asCalledHere(text)),
      outputError: (text, write) => write(json ? `${failureLine(wrongUsage(text))}\n` : text),
    })
    .exitOverride();
  await registerVerbs(program, first);
  addVerbose(program);
  return program;
}

/** Commander's own words, `error: unknown option '--x'`, on one line. */
const wrongUsage = (text: string): ReplaygroundError =>
  usageError(
    text
      .replace(/^error: /, '')
      .trim()
      .replaceAll('\n', ' '),
  );

function addVerbose(parent: Command): void {
  for (const command of parent.commands) {
    command.option('--verbose', 'print the stack of an error too');
    addVerbose(command);
  }
}

async function main(args: readonly string[]): Promise<void> {
  endOnClosedPipe();
  const json = args.includes('--json');
  try {
    const program = await buildProgram(args[0], json);
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      process.exitCode = thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
      return;
    }
    const error = await explainedHere(thrown);
    const verbose = args.includes('--verbose');
    const texts = [...(json && !verbose ? [] : [errorText(error, verbose)]), ...(json ? [failureLine(error)] : [])];
    for (const text of texts) if (text) note(text);
    process.exitCode = exitCodeOf(error);
    // Whatever was called off may still wait for an answer that nobody wants.
    if (process.exitCode === exitCodes.interrupted) process.exit();
  }
}

// Older versions of Node do not say which file is the program.
if (import.meta.main ?? process.argv[1] === fileURLToPath(import.meta.url)) {
  await useLabNode();
  await main(process.argv.slice(2));
}

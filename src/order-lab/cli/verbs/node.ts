/** `./lab node <file>`: Node as the lab uses it, in place of this process. */
import type { Command } from 'commander';
import { ReplaygroundError } from '../../../kafka/errors.ts';

export function register(program: Command): void {
  program
    .command('node')
    .description('run a file with the Node and the flags of the lab')
    .argument('[args...]', 'file and its arguments, as node takes them')
    .passThroughOptions()
    .allowUnknownOption()
    .helpOption('--help', 'display help for command')
    .addHelpText('after', '\nExample:\n  ./lab node src/orders/main.ts')
    .action((args: string[]) => {
      if (!process.execve) throw new ReplaygroundError('not-here', `this system cannot replace a process: run ${process.execPath} itself`);
      process.execve(process.execPath, [process.execPath, ...process.execArgv, ...args], process.env as Record<string, string>);
    });
}

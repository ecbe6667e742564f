/** The command line of the benchmarks. */
import { Command, InvalidArgumentError, Option } from 'commander';

export type Options = {
  orders: number;
  rounds: number;
  peerThreads: number;
  only?: 'produce' | 'exactly-once';
  json?: true;
  keep?: true;
};

/** @returns the options; wrong usage ends the process with exit code 2 */
export function readOptions(argv: string[]): Options {
  return new Command('./lab node bench/main.ts')
    .description('Measures ours against its peers on one embedded broker, in interleaved rounds, and prints both and the ratio.')
    .option('--orders <n>', 'orders of one run', count, 300_000)
    .option('--rounds <n>', 'runs of each contender that count, after one that warms up', count, 5)
    .addOption(new Option('--only <part>', 'one part instead of both').choices(['produce', 'exactly-once']))
    .option('--peer-threads <n>', 'stream threads of Kafka Streams', count, 1)
    .option('--json', 'print the report as JSON')
    .option('--keep', "keep the broker's data and the logs of the runs, in .lab")
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .parse(argv)
    .opts<Options>();
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('a whole number from 1 is wanted.');
  return number;
}

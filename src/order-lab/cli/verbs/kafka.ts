/** `./lab kafka <tool> ...`: Kafka's own command-line tools against this broker; arguments, output and exit code pass through. */
import type { Command } from 'commander';
import { requireReachable } from '../../../lab/broker/reachable.ts';
import { asksForAddress, kafkaTools, runKafkaTool } from '../../../lab/broker/tools.ts';
import { usageError } from '../../../lab/terminal/exit-codes.ts';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import { settingsInForce } from '../../client/lab-client.ts';

export function register(program: Command): void {
  const tools = Object.keys(kafkaTools).join(', ');
  program
    .command('kafka')
    .description("Kafka's own command-line tools, with the address filled in")
    .argument('[tool]', "the name of Kafka's script without kafka- and .sh")
    .argument('[args...]', 'all arguments of the tool')
    .allowUnknownOption()
    .passThroughOptions()
    .addHelpText(
      'after',
      `\nTools: ${tools}\nKAFKA_SECURITY_PROTOCOL and the like are passed on to them, in a file that only you can read.\n\nExample:\n  ./lab kafka consumer-groups --describe --all-groups`,
    )
    .action(async (tool: string | undefined, args: string[]) => {
      if (tool === undefined) throw usageError(`which tool? One of ${tools}`);
      const { settings } = await settingsInForce(readSettings());
      const { kafkaBrokers, labCache } = settings;
      if (asksForAddress(tool, args)) await requireReachable(kafkaBrokers ?? '');
      const { exitCode } = await runKafkaTool(tool, args, {
        brokers: kafkaBrokers ?? '',
        security: settings,
        stdio: 'inherit',
        ...(labCache === undefined ? {} : { cacheDir: labCache }),
      });
      process.exitCode = exitCode;
    });
}

/** Kafka's own command-line tools, by the names under which Kafka ships them, without their shell scripts. */
import { execa } from 'execa';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { javaCall, SHORT_LIVED } from './java-call.ts';
import { type SecuritySettings, writeToolConfig } from './tool-config.ts';

const tools = 'org.apache.kafka.tools';

/** Tool name (Kafka's script without `kafka-` and `.sh`) to main class. */
export const kafkaTools: { [name: string]: string } = {
  acls: `${tools}.AclCommand`,
  'broker-api-versions': `${tools}.BrokerApiVersionsCommand`,
  'client-metrics': `${tools}.ClientMetricsCommand`,
  cluster: `${tools}.ClusterTool`,
  configs: `${tools}.ConfigCommand`,
  'console-consumer': `${tools}.consumer.ConsoleConsumer`,
  'console-producer': `${tools}.ConsoleProducer`,
  'console-share-consumer': `${tools}.consumer.ConsoleShareConsumer`,
  'consumer-groups': `${tools}.consumer.group.ConsumerGroupCommand`,
  'consumer-perf-test': `${tools}.ConsumerPerformance`,
  'delete-records': `${tools}.DeleteRecordsCommand`,
  'dump-log': `${tools}.DumpLogSegments`,
  'e2e-latency': `${tools}.EndToEndLatency`,
  features: `${tools}.FeatureCommand`,
  'get-offsets': `${tools}.GetOffsetShell`,
  groups: `${tools}.GroupsCommand`,
  'leader-election': `${tools}.LeaderElectionCommand`,
  'log-dirs': `${tools}.LogDirsCommand`,
  'metadata-quorum': `${tools}.MetadataQuorumCommand`,
  'producer-perf-test': `${tools}.ProducerPerformance`,
  'reassign-partitions': `${tools}.reassign.ReassignPartitionsCommand`,
  'share-groups': `${tools}.consumer.group.ShareGroupCommand`,
  storage: 'kafka.tools.StorageTool',
  'streams-groups': `${tools}.streams.StreamsGroupCommand`,
  topics: `${tools}.TopicCommand`,
  transactions: `${tools}.TransactionsCommand`,
};

/** Tools that read files and know no broker. */
const OFFLINE = new Set(['dump-log', 'storage']);
/** Tools whose address belongs to the subcommand, so it stands last; elsewhere it stands first, before any subcommand. */
const ADDRESS_LAST = new Set(['cluster']);
const HAS_CONFIG = /^--(command-config|config|consumer\.config|producer\.config|admin\.config)(=|$)/;
/** Tools whose `--config` is not a file of how to connect, but a setting of what they make. */
const CONFIG_IS_A_SETTING = new Set(['topics']);
const HAS_ADDRESS = /^--?(bootstrap-server|bootstrap-servers|bootstrap-controller|help|version|h)(=|$)/;

/** The outcome of a tool; both texts are empty with `stdio: 'inherit'`. */
export type ToolResult = { exitCode: number; stdout: string; stderr: string };

/**
 * Runs one of Kafka's tools against a broker. A failing tool is an exit code, not an exception.
 *
 * @param tool a key of `kafkaTools`; `kafka-topics` and `kafka-topics.sh` are understood too
 * @param args its arguments; `--bootstrap-server` is added where they name no server
 * @param options `brokers` host:port[,host:port]; `security` how to talk to it, where that is not plaintext; `input` goes to the tool's stdin
 * @throws ReplaygroundError `unknown-kafka-tool`, and those of `javaCall`
 */
export async function runKafkaTool(
  tool: string,
  args: string[],
  options: { brokers: string; security?: SecuritySettings; cacheDir?: string; stdio?: 'inherit' | 'pipe'; input?: string },
): Promise<ToolResult> {
  const name = bareName(tool);
  const mainClass = Object.hasOwn(kafkaTools, name) ? kafkaTools[name] : undefined;
  if (mainClass === undefined) {
    throw new ReplaygroundError('unknown-kafka-tool', `Kafka has no tool "${tool}": use one of ${Object.keys(kafkaTools).join(', ')}`);
  }
  // A benchmark must run as fast as Java can; every other tool is to be over soon.
  const flags = name.endsWith('-perf-test') ? ['-Xmx512m'] : SHORT_LIVED;
  const { security } = options;
  using config = security && security.securityProtocol !== 'plaintext' ? writeToolConfig(security) : undefined;
  const call = await javaCall(
    { mainClass, args: withAddress(name, args, options.brokers, config?.path) },
    { flags, logging: 'tools' },
    options,
  );
  const stdio = options.stdio ?? 'pipe';
  const result = await execa(call.command, call.args, {
    env: call.env,
    reject: false,
    stdout: stdio,
    stderr: stdio,
    ...(options.input === undefined ? { stdin: stdio === 'inherit' ? 'inherit' : 'ignore' } : { input: options.input }),
  });
  return { exitCode: result.exitCode ?? 1, stdout: result.stdout ?? '', stderr: result.stderr ?? '' };
}

const bareName = (tool: string): string => tool.replace(/^kafka-/, '').replace(/\.sh$/, '');

/** @returns whether a call of a tool is one to the broker that it is not told itself */
export const asksForAddress = (tool: string, args: readonly string[]): boolean =>
  Object.hasOwn(kafkaTools, bareName(tool)) &&
  args.length > 0 &&
  !OFFLINE.has(bareName(tool)) &&
  !args.some((arg) => HAS_ADDRESS.test(arg));

function withAddress(name: string, args: string[], brokers: string, configFile: string | undefined): string[] {
  if (!asksForAddress(name, args)) return args;
  const own = CONFIG_IS_A_SETTING.has(name) ? args.filter((arg) => !/^--config(=|$)/.test(arg)) : args;
  const hasConfig = configFile === undefined || own.some((arg) => HAS_CONFIG.test(arg));
  const address = ['--bootstrap-server', brokers, ...(hasConfig ? [] : ['--command-config', configFile])];
  return ADDRESS_LAST.has(name) ? [...args, ...address] : [...address, ...args];
}

/** Starts Apache Kafka as a child process of its own group, and gives back a handle that stops it in order. */
import { spawn } from 'node:child_process';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { explainDeath, type LogTail, tailLog } from './broker-log.ts';
import { claimHome } from './claim-home.ts';
import { keepArchive } from './class-archive.ts';
import { formatData, formattedNodeId, randomClusterId } from './format.ts';
import { kafkaVersion, resolveJars } from './jars.ts';
import { javaCall } from './java-call.ts';
import { noteKafkaVersion } from './kafka-version.ts';
import { freePort, requireFreePort } from './ports.ts';
import { refuseIfAborted, waitUntilReady } from './ready.ts';
import { serverProperties, type Voter } from './server-properties.ts';
import { type Exit, stopProcess } from './stop.ts';

/** Some 60 MiB of it live on, whatever the load; a laptop's load was seen to need no more of the rest than this (MiB). */
const defaultHeapMb = 208;

/** In the broker's home, where it works: so no path on its command line or in its configuration has characters that Java reads otherwise. */
const dataFolder = 'data';
const classesFile = 'classes.jsa';

/** Where and how a broker runs. */
export type BrokerOptions = {
  /** Folder of this broker's data, configuration and log; made when it is missing, reused when it is not. */
  home: string;
  /** Port for clients on 127.0.0.1; 0 for any free one. */
  port: number;
  /** Port of the controller on 127.0.0.1; any free one by default, and it may change from start to start. */
  controllerPort?: number;
  /** One of several brokers: all controllers, with ports that stay, and the id that they were all given. */
  cluster?: { nodeId: number; clusterId: string; voters: readonly Voter[] };
  /** More lines of `server.properties`, and more arguments of the format: a broker with logins, for one. */
  extra?: Record<string, string>;
  formatArgs?: readonly string[];
  /** Cap of the Java heap in MiB; `defaultHeapMb` where nothing is said. */
  heapMb?: number;
  /** More flags of the JVM. */
  flags?: readonly string[];
  cacheDir?: string;
  /** Put on the command line as `-Dreplayground.lab=<labId>`, so that a leftover can be told from other programs. */
  labId?: string;
  onProgress?: (line: string) => void;
  /** Ends a start that is under way. A running broker is ended by `stop`. */
  signal?: AbortSignal;
};

/** A running broker. */
export type Broker = AsyncDisposable & {
  /** `127.0.0.1:<port>` */
  brokers: string;
  port: number;
  pid: number;
  /** Settles when the process is gone, however it went. */
  exited: Promise<Exit>;
  /** SIGTERM, then SIGKILL when it is not gone after `timeoutMs` (10,000; longer where it leaves an archive of classes). Safe to call twice. */
  stop(options?: { timeoutMs?: number }): Promise<void>;
  /** SIGKILL: the log on disk is kept, the next start recovers it. */
  kill(): void;
};

/**
 * Starts a broker and waits until it takes requests.
 *
 * @throws ReplaygroundError `port-taken`, `data-folder-locked`, `data-folder-newer`, `broker-died`, `broker-start-timeout`, `broker-start-aborted`,
 *   `broker-format-failed`, and those of `findJava` and `resolveJars`
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const home = resolve(options.home);
  const port = options.port || (await freePort());
  const controllerPort = options.controllerPort || (await freePort([port]));
  await Promise.all([requireFreePort(port), requireFreePort(controllerPort)]);
  await resolveJars(options);
  refuseIfAborted(options.signal);

  const logFile = join(home, 'broker.log');
  const outputFile = join(home, 'broker-output.log');
  await mkdir(home, { recursive: true });
  const { process, log } = await startProcess({ ...options, home, port, controllerPort, logFile, outputFile });

  const broker: Broker = {
    brokers: `127.0.0.1:${port}`,
    port,
    pid: process.pid,
    exited: process.exited,
    stop: ({ timeoutMs = process.stopMs } = {}) => stopProcess(process, timeoutMs),
    kill: () => process.kill('SIGKILL'),
    [Symbol.asyncDispose]: () => broker.stop(),
  };
  try {
    await waitUntilReady({ log, port, exited: process.exited, ...(options.signal && { signal: options.signal }) });
    return broker;
  } catch (error) {
    broker.kill();
    await broker.exited;
    if (error instanceof ReplaygroundError && error.code === 'broker-exited') {
      throw explainDeath(await allOutput(log, outputFile), { home, logFile, port, version: await kafkaVersion() });
    }
    throw error;
  }
}

type LaunchOptions = BrokerOptions & { port: number; controllerPort: number; logFile: string; outputFile: string };

/** From the claim on the folder to a process that others can see. */
async function startProcess(options: LaunchOptions) {
  await using claim = await claimHome(options.home);
  await noteKafkaVersion(options.home, await kafkaVersion());
  const propertiesFile = await prepareHome(options);
  refuseIfAborted(options.signal);
  const log = await tailLog(options.logFile);
  return { log, process: await launch(propertiesFile, claim.mark, options) };
}

/** Writes the configuration, and formats the data folder on the first start. */
async function prepareHome(options: LaunchOptions): Promise<string> {
  const { home, port, controllerPort, cluster } = options;
  const dataDir = join(home, dataFolder);
  const propertiesFile = join(home, 'server.properties');
  await mkdir(dataDir, { recursive: true });
  const nodeId = await formattedNodeId(dataDir);
  // By its name alone: Kafka takes a list of folders apart at commas, and knows no way to write one that holds a comma.
  const own = {
    nodeId: nodeId ?? cluster?.nodeId ?? 1,
    dataDir: dataFolder,
    port,
    controllerPort,
    ...(options.extra && { extra: options.extra }),
  };
  await writeFile(propertiesFile, serverProperties({ ...own, ...(cluster && { voters: cluster.voters }) }));
  if (nodeId === undefined) await formatData(propertiesFile, cluster?.clusterId ?? randomClusterId(), options);
  return propertiesFile;
}

/** Its own process group: Ctrl-C in the terminal reaches the lab, which stops the broker after the services. */
async function launch(propertiesFile: string, mark: string, options: LaunchOptions) {
  const flags = [
    `-Xmx${options.heapMb ?? defaultHeapMb}m`,
    '-XX:+UseSerialGC',
    // Half for what is new: the old half fills up to its end before it is cleaned, so its size is how long memory goes on growing.
    '-XX:NewRatio=1',
    '-Djava.awt.headless=true',
    mark,
    `-Dreplayground.log=${basename(options.logFile)}`,
    ...(options.labId === undefined ? [] : [`-Dreplayground.lab=${options.labId}`]),
    ...(options.flags ?? []),
    ...givenFlags(),
  ];
  const program = { mainClass: 'kafka.Kafka', args: [basename(propertiesFile)] };
  const call = await javaCall(program, { flags, logging: 'broker', recordClasses: classesFile }, options);
  await using output = await open(options.outputFile, 'w');
  const child = spawn(call.command, call.args, {
    cwd: options.home,
    detached: true,
    stdio: ['ignore', output.fd, output.fd],
    env: { ...globalThis.process.env, ...call.env },
  });
  const exited = new Promise<Exit>((settle) => child.once('exit', (code, signal) => settle({ code, signal }))).then(async (exit) => {
    if (call.recording) await keepArchive(exit, join(options.home, classesFile), call.recording);
    return exit;
  });
  await new Promise<void>((started, failed) => {
    child.once('spawn', started);
    child.once('error', (cause) => failed(new ReplaygroundError('broker-died', `Kafka could not be started: ${cause.message}`, { cause })));
  });
  const stopMs = call.recording ? 30_000 : 10_000;
  return { pid: child.pid as number, exited, stopMs, kill: (signal: NodeJS.Signals) => void child.kill(signal) };
}

/** As Kafka's own scripts take them: taken apart at white space. */
const givenFlags = (): string[] => (globalThis.process.env.KAFKA_JVM_PERFORMANCE_OPTS ?? '').split(/\s+/).filter(Boolean);

async function allOutput(log: LogTail, outputFile: string): Promise<string> {
  const [logged, printed] = await Promise.all([log.read(), readFile(outputFile, 'utf8').catch(() => '')]);
  return `${printed}\n${logged}`;
}

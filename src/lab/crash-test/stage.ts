/** All that a crash test needs before it strikes: Kafka, the system's processes, its load, and somebody who watches. */
import { join } from 'node:path';
import { reachProducer } from '../../kafka/bridge/reach.ts';
import { KafkaInspector } from '../../kafka/groups/inspector.ts';
import { sendingConfig } from '../../kafka/producer/send-records.ts';
import { clearLeftFolders, makeTempFolder } from '../processes/temp-folder.ts';
import type { System } from '../systems/file/read-system.ts';
import { type Load, startLoad } from '../systems/load/start-load.ts';
import { membersBy } from '../systems/process/members-of.ts';
import { RunningService } from '../systems/process/running-service.ts';
import { startOwnKafka, type TestKafka } from './kafka/own-kafka.ts';
import { aliveGroups, groupsOf } from './kafka/system-facts.ts';
import { useTheirKafka } from './kafka/their-kafka.ts';
import type { CrashTestOptions } from './options.ts';
import { untilFirstOutput } from './watch/milestones.ts';
import { type GroupWatch, watchGroups } from './watch/watch-groups.ts';

/** A system under load, which nobody has disturbed yet. */
export type Stage = AsyncDisposable & {
  kafka: TestKafka;
  /** By the names that it has in that Kafka. */
  system: System;
  services: readonly RunningService[];
  load: Load;
  watch: GroupWatch;
  /** When the load began (ms since 1970). */
  startMs: number;
};

const folderPrefix = 'replayground-crash-';

/** @throws ReplaygroundError those of `crashTest` */
export async function setStage(options: CrashTestOptions): Promise<Stage> {
  const { theirs, folder, say, signal } = options;
  await clearLeftFolders(folderPrefix, say);
  await using all = new AsyncDisposableStack();
  const temp = all.use(makeTempFolder(folderPrefix));
  if (!theirs) say(options.brokers === 3 ? 'starting three brokers' : 'starting Kafka');
  const kafka = all.use(
    theirs
      ? await useTheirKafka({ settings: theirs, system: options.system, say })
      : await startOwnKafka({ home: join(temp.path, 'kafka'), count: options.brokers, system: options.system, say, signal }),
  );
  const { system, config } = kafka;
  const services = await startServices({ kafka, stateFolder: join(temp.path, 'state'), logFolder: join(folder, 'logs'), say, signal }, all);
  const producer = all.use(await reachProducer({ ...config, ...sendingConfig, 'message.timeout.ms': 120_000 }));
  const outputs = [...new Set(system.ledger.map(({ to }) => to))];
  const watch = all.use(watchGroups({ config, groups: groupsOf(system), outputs, alive: () => aliveGroups(services) }));
  const { http } = system.load;
  const asked = services.find(({ name, port }) => (http?.service === undefined ? port !== undefined : name === http.service));
  const load = startLoad({
    load: system.load,
    folder: system.folder,
    producer,
    fallbackTopic: system.ledger[0]?.from ?? '',
    baseUrl: () => (asked?.port === undefined ? undefined : `http://127.0.0.1:${asked.port}`),
  });
  all.defer(() => load.finish());
  const startMs = Date.now();
  await Promise.race([load.failed, untilFirstOutput(watch.look, system, services, signal)]);
  const kept = all.move();
  return { kafka, system, services, load, watch, startMs, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

type StartOptions = { kafka: TestKafka; stateFolder: string; logFolder: string } & Pick<CrashTestOptions, 'say' | 'signal'>;

/** All processes of all services, each ready; what is started is in `all` also where one is not. */
async function startServices(
  { kafka, stateFolder, logFolder, say, signal }: StartOptions,
  all: AsyncDisposableStack,
): Promise<RunningService[]> {
  using inspector = new KafkaInspector(kafka.config);
  const membersOf = membersBy(
    () => inspector,
    () => kafka.settings,
  );
  const { system, brokers, env: access } = kafka;
  const services = Object.entries(system.services).map(([name, file]) =>
    all.use(new RunningService({ name, file, folder: system.folder, brokers, access, stateFolder, logFolder, membersOf })),
  );
  say(`starting ${services.map((service) => `${service.start} ${service.name}`).join(', ')}`);
  await Promise.all(services.map((service) => service.scale(service.start)));
  await Promise.all(services.map((service) => service.untilReady(signal)));
  return services;
}

/** What a lab runs beside Kafka: the order pipeline, or the system of a system.yaml. */
import { join } from 'node:path';
import { checkAccess } from '../../kafka/access/check-access.ts';
import { ensureTopics } from '../../kafka/admin/admin.ts';
import { clientConfig } from '../../kafka/client/client-config.ts';
import { connectAdmin } from '../../kafka/client/connect.ts';
import { KafkaInspector } from '../../kafka/groups/inspector.ts';
import { instanceName } from '../../lab/supervisor/instance-name.ts';
import { systemsFolder } from '../../lab/supervisor/lab-home.ts';
import type { Program } from '../../lab/supervisor/program.ts';
import { factsOf, instancesOf, topicsOf } from '../../lab/systems/file/describe-system.ts';
import { placeSystem } from '../../lab/systems/file/place-system.ts';
import type { System } from '../../lab/systems/file/read-system.ts';
import type { ServiceFile } from '../../lab/systems/file/system-schema.ts';
import { membersBy } from '../../lab/systems/process/members-of.ts';
import { securityOf } from '../../lab/systems/process/security-variables.ts';
import { setUpSystem } from '../../lab/systems/process/set-up.ts';
import { systemProgram } from '../../lab/systems/process/system-program.ts';
import type { SystemFacts } from '../../lab/wire/system-facts.ts';
import type { Settings } from '../../pipeline/settings/declarations.ts';
import { type ProgramsOptions, pipelinePrograms } from '../supervisor/lab-programs.ts';
import { orderPipeline, startedServices } from '../supervisor/service-table.ts';
import { prepareKafka } from './prepare-kafka.ts';

type Say = (line: string) => void;

export type WhatRuns = AsyncDisposable & {
  facts: SystemFacts;
  /** How many instances each service starts with, where nobody asks for more. */
  start: ReadonlyMap<string, number>;
  programOf: (service: string, instance: number) => Program;
  /** What has to be there before Kafka is started. */
  setUp(signal: AbortSignal): Promise<void>;
  /** Topics, and what else the processes find when they begin. @param settings with Kafka's address */
  prepare(settings: Settings): Promise<void>;
};

export type RunsOptions = Omit<ProgramsOptions, 'commandOf'> & {
  /** How many processes of a service should run. */
  wanted: (service: string) => number;
  say: Say;
};

export type PipelineOptions = RunsOptions &
  Pick<ProgramsOptions, 'commandOf'> & {
    /** Instead of the topics and settings of a real Kafka. */
    prepare?: (settings: Settings, env: NodeJS.ProcessEnv, say: Say) => Promise<void>;
  };

/** @returns the order pipeline */
export function runsPipeline(options: PipelineOptions): WhatRuns {
  const { settings, env, say, prepare = prepareKafka } = options;
  const facts = orderPipeline(settings);
  return {
    facts,
    start: new Map(startedServices.map((name) => [name, 1])),
    programOf: pipelinePrograms(options),
    setUp: async () => {},
    prepare: (settled) => prepare(settled, env, say),
    [Symbol.asyncDispose]: async () => {},
  };
}

/** @returns a system by the names that it has itself */
export function runsSystem(given: System, { settings, file, logs, wanted, say }: RunsOptions): WhatRuns {
  const { system } = placeSystem(given, '');
  const facts = factsOf(system);
  const stateFolder = join(systemsFolder(settings.labHome), system.name);
  let inspector: KafkaInspector | undefined;
  const settled = (): Settings => ({ ...settings, kafkaBrokers: file.brokers ?? undefined });
  const membersOf = membersBy(() => (inspector ??= new KafkaInspector(clientConfig(settled(), 'lab-readiness'))), settled);
  return {
    facts,
    start: new Map(Object.entries(system.services).map(([name, service]) => [name, instancesOf(service).start])),
    programOf: (service, instance) => {
      const of = system.services[service] as ServiceFile;
      const name = instanceName({ name: service, most: instancesOf(of).most }, instance);
      return systemProgram({
        name,
        service,
        instance,
        file: of,
        folder: system.folder,
        stateFolder,
        brokers: () => file.brokers ?? '',
        access: settings.kafkaBrokers === undefined ? {} : securityOf(settings),
        wanted: () => wanted(service),
        membersOf,
        log: (stream) => logs.pipe(name, stream),
      });
    },
    setUp: (signal) => setUpSystem(system, { say, signal }),
    async prepare(withKafka) {
      const config = clientConfig(withKafka, 'lab');
      await checkAccess(config);
      using admin = connectAdmin(config);
      await ensureTopics(admin.client, topicsOf(system));
    },
    [Symbol.asyncDispose]: async () => inspector?.[Symbol.dispose](),
  };
}

/** The programs of the order pipeline and of Kafka, each with the command line, environment and log that it runs with. */

import { brokerProgram } from '../../lab/supervisor/broker-program.ts';
import { instanceName } from '../../lab/supervisor/instance-name.ts';
import { reachable } from '../../lab/supervisor/lab-ports.ts';
import type { LogFiles } from '../../lab/supervisor/log-files.ts';
import type { Program } from '../../lab/supervisor/program.ts';
import type { LabFile } from '../../pipeline/service/lab-file.ts';
import type { Settings } from '../../pipeline/settings/declarations.ts';
import { serviceEnvironment } from './service-environment.ts';
import { serviceProgram } from './service-program.ts';
import { type CommandLine, instancesOf, type ServiceName } from './service-table.ts';

export type ProgramsOptions = {
  settings: Settings;
  env: NodeJS.ProcessEnv;
  /** Read at each start of a process: the ports are settled after the programs are made. */
  file: LabFile;
  logs: LogFiles;
  commandOf: (service: ServiceName) => CommandLine;
};

/** @returns the lab's own Kafka; undefined where it is somebody else's */
export function labBroker({ settings, file, logs }: Pick<ProgramsOptions, 'settings' | 'file' | 'logs'>): Program | undefined {
  if (settings.kafkaBrokers !== undefined) return undefined;
  const port = (): number => file.ports.kafka ?? 0;
  return brokerProgram({ labHome: settings.labHome, labId: file.labId, port, onProgress: (line) => logs.write('lab', line) });
}

/** @returns what makes a process of the order pipeline */
export function pipelinePrograms({
  settings,
  env,
  file,
  logs,
  commandOf,
}: ProgramsOptions): (service: string, instance: number) => Program {
  const { labHost } = settings;
  const { labId, ports } = file;
  return (service, instance) => {
    const name = instanceName(instancesOf(service as ServiceName), instance);
    return serviceProgram({
      name,
      service,
      labId,
      command: commandOf(service as ServiceName),
      env: () => serviceEnvironment(env, { ...settings, kafkaBrokers: file.brokers ?? undefined }, ports)(instance),
      host: reachable(labHost),
      log: (stream) => logs.pipe(name, stream),
    });
  };
}

/** The programs of a lab: its broker and its services, each with the command line, environment and log that it runs with. */

import type { LabFile } from '../../pipeline/service/lab-file.ts';
import type { Settings } from '../../pipeline/settings/declarations.ts';
import { brokerProgram } from './broker-program.ts';
import { reachable } from './lab-ports.ts';
import type { LogFiles } from './log-files.ts';
import { serviceEnvironment } from './service-environment.ts';
import { serviceProgram } from './service-program.ts';
import { type CommandLine, instanceName, type ServiceName } from './service-table.ts';
import type { SupervisorOptions } from './supervisor.ts';

export type ProgramsOptions = {
  settings: Settings;
  env: NodeJS.ProcessEnv;
  /** Read at each start of a process: the ports are settled after the programs are made. */
  file: LabFile;
  logs: LogFiles;
  commandOf: (service: ServiceName) => CommandLine;
};

/** @returns what the supervisor may run */
export function labPrograms({ settings, env, file, logs, commandOf }: ProgramsOptions): Pick<SupervisorOptions, 'broker' | 'programOf'> {
  const { labHome, labHost, kafkaBrokers } = settings;
  const { labId, ports } = file;
  const broker = brokerProgram({ labHome, labId, port: () => ports.kafka ?? 0, onProgress: (line) => logs.write('lab', line) });
  return {
    broker: kafkaBrokers === undefined ? broker : undefined,
    programOf: (service, instance) =>
      serviceProgram({
        service,
        instance,
        labId,
        command: commandOf(service),
        env: () => serviceEnvironment(env, { ...settings, kafkaBrokers: file.brokers ?? undefined }, ports)(instance),
        host: reachable(labHost),
        log: (stream) => logs.pipe(instanceName(service, instance), stream),
      }),
  };
}

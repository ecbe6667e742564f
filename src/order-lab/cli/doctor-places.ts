/** Checks of the places that a lab takes on this machine: its folder, the disk under it, memory, ports. */

import { accessSync, constants, existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { dirname } from 'node:path';
import type { Finding } from '../../lab/answers/lab.ts';
import { listProcesses } from '../../lab/processes/process-list.ts';
import { foreignEntries } from '../../lab/supervisor/lab-home.ts';
import { labIdOf } from '../../lab/supervisor/lab-id.ts';
import { portProblem } from '../../lab/supervisor/lab-ports.ts';
import { processesOf } from '../../lab/supervisor/leftovers.ts';
import type { Settings } from '../../pipeline/settings/declarations.ts';
import { findLab } from '../client/lab-client.ts';
import { fail, ok, reason, warn } from './doctor-finding.ts';

const gib = 1024 ** 3;
/** The whole lab at rest, with room for a burst. */
const memoryNeeded = 1.5 * gib;
const diskNeeded = gib;

/** @returns one finding per place */
export async function checkPlaces(settings: Settings): Promise<Finding[]> {
  const lab = await findLab(settings.labHome);
  const state = await lab?.state().catch(() => undefined);
  const running = state
    ? ok('lab', `running, ${state.ready ? 'all healthy' : 'not all healthy: see ./lab ps'} (${state.urls.lab})`)
    : undefined;
  return [
    checkMachine(),
    await checkDisk(settings.labHome),
    checkHome(settings.labHome),
    running ?? (await checkOrphans(settings.labHome)),
    ...(running ? [] : await Promise.all(wantedPorts(settings).map(([variable, port]) => checkPort(settings.labHost, variable, port)))),
  ];
}

function checkMachine(): Finding {
  const found = `${availableParallelism()} cores, ${(totalmem() / gib).toFixed(1)} GiB of memory`;
  return totalmem() < memoryNeeded
    ? warn('machine', found, 'the lab takes about 1 GiB at rest: stop other programs first')
    : ok('machine', found);
}

const nearestFolder = (path: string): string => (existsSync(path) ? path : nearestFolder(dirname(path)));

async function checkDisk(home: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(nearestFolder(home));
  const found = `${((bavail * bsize) / gib).toFixed(1)} GiB free`;
  return bavail * bsize < diskNeeded
    ? fail('disk', found, `make room, or set LAB_HOME to a folder on another disk than ${home}`)
    : ok('disk', found);
}

function checkHome(home: string): Finding {
  try {
    accessSync(nearestFolder(home), constants.W_OK);
  } catch (error) {
    return fail('LAB_HOME', reason(error), 'set LAB_HOME to a folder that you may write to');
  }
  const foreign = foreignEntries(home);
  if (foreign.length === 0) return ok('LAB_HOME', `${home}${existsSync(home) ? '' : ' (made by the first ./lab up)'}`);
  return warn(
    'LAB_HOME',
    `${home} holds other things too: ${foreign.slice(0, 3).join(', ')}`,
    './lab reset will refuse it: use a folder of its own',
  );
}

async function checkOrphans(home: string): Promise<Finding> {
  if (!existsSync(home)) return ok('lab', 'not running');
  const { services, brokers } = processesOf(labIdOf(home), await listProcesses());
  const pids = [...services, ...brokers].map(({ pid }) => pid);
  return pids.length === 0
    ? ok('lab', 'not running')
    : warn('lab', `a killed lab left processes: ${pids.join(', ')}`, './lab down ends them');
}

function wantedPorts({ labPort, orderServicePort, analyticsServicePort, kafkaPort, kafkaBrokers }: Settings): [string, number][] {
  return [
    ['LAB_PORT', labPort],
    ['ORDER_SERVICE_PORT', orderServicePort],
    ['ANALYTICS_SERVICE_PORT', analyticsServicePort],
    ...(kafkaBrokers === undefined ? [['KAFKA_PORT', kafkaPort] as [string, number]] : []),
  ];
}

async function checkPort(host: string, variable: string, port: number): Promise<Finding> {
  if (port === 0) return ok(variable, 'any free port');
  const problem = await portProblem(host, port);
  if (problem === undefined) return ok(variable, `${port} is free`);
  return fail(variable, `${port} ${problem}`, `end the program that uses it, or set ${variable} to another port, 0 for any`);
}

/** Starts a service whose files may not grow beyond a size, as on a disk that is full. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '../../../src/pipeline/settings/read-settings.ts';
import { type Pipeline, type ServiceFolder, ServiceProcess } from '../../support/service-process.ts';

/** POSIX counts `ulimit -f` in blocks of 512 bytes; without the trap a process would be ended by a signal instead of an error. */
const script = 'trap "" XFSZ; ulimit -f "$1"; shift; exec "$@"';

/**
 * @param kib size of the largest file that it may write
 * @returns once it is ready
 */
export async function startOnSmallDisk(folder: ServiceFolder, { env }: Pipeline, kib: number): Promise<ServiceProcess> {
  const main = join(projectRoot, 'src', folder, 'main.ts');
  const args = ['-c', script, 'sh', String(kib * 2), process.execPath, '--disable-warning=ExperimentalWarning', main];
  const child = spawn('sh', args, { env: { ...env, LAB_INSTANCE: '1' }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const service = new ServiceProcess(child);
  await Promise.race([once(child, 'message'), service.exited]);
  return service;
}

/** A program that is started with an older Node than the project needs is run by the lab's own Node instead. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const leastMajor = 24;
const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Settles at once on Node >= 24. On an older one never: `./lab node` runs the same program with the same arguments, and this process
 * ends as that one does. To be awaited before anything is imported that an older Node cannot load.
 */
export async function useLabNode(): Promise<void> {
  if (Number.parseInt(process.versions.node, 10) >= leastMajor) return;
  const lab = fileURLToPath(new URL('../../../lab', import.meta.url));
  const child = spawn(lab, ['node', ...process.argv.slice(1)], { stdio: 'inherit' });
  for (const signal of passedOn) process.on(signal, () => child.kill(signal));
  child.once('error', ({ message }) => {
    process.stderr.write(`Node ${process.versions.node} is too old, and the lab's own cannot be used: ${message}\n`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
  await new Promise(() => {});
}

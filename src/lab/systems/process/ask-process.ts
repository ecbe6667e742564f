/** Asks a process of a system by HTTP for what its system.yaml says that it tells. */
import type { ProcessView } from '../../wire/lab-state.ts';
import { processAddress } from './process-address.ts';

const timeoutMs = 2000;

/**
 * @param asked a path of a service, or a whole URL
 * @returns the URL; undefined while that service has no port
 */
export function addressOf(
  { url, service }: { url: string; service?: string | null | undefined },
  processes: readonly Pick<ProcessView, 'service' | 'port'>[],
): string | undefined {
  if (!url.startsWith('/')) return url;
  const address = processAddress(processes, service);
  return address && address + url;
}

/** @returns what is there, as JSON; undefined where nobody answers so */
export async function jsonOf(url: string | undefined): Promise<unknown> {
  if (url === undefined) return undefined;
  try {
    const response = await fetch(url, { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(timeoutMs) });
    return await response.json();
  } catch {
    return undefined;
  }
}

/** A Kafka that answers at the address that was given, and then names others that lead nowhere: the calls only time out, and never say so. */

import type { ClientConfig } from '../client/connect.ts';
import { ReplaygroundError } from '../errors.ts';
import { firstWords } from './first-words.ts';

/** Short: a call under way holds up the end of the process. */
const timeoutMs = 3000;
const unresolved = /Failed to resolve '([^']+)'/;
/** Codes of errors that may have come of that. */
const silence = new Set(['kafka-error', 'kafka-deadline', 'kafka-unreachable', 'read-stalled']);

/**
 * @param config gives librdkafka's configuration
 * @param error whatever was thrown
 * @returns `kafka-advertised` with the way out, where it is a name that does not resolve here; else the error as it is
 */
export async function explained(config: () => ClientConfig | Promise<ClientConfig>, error: unknown): Promise<unknown> {
  if (!(error instanceof ReplaygroundError && silence.has(error.code))) return error;
  const why = await sentAstray(await config()).catch(() => undefined);
  return why === undefined ? error : new ReplaygroundError('kafka-advertised', why, { cause: error });
}

/**
 * @param config librdkafka's configuration
 * @returns for people: which name does not resolve here, and the way out; undefined where that is not what is wrong
 */
export async function sentAstray(config: ClientConfig): Promise<string | undefined> {
  const name = await unresolvable(config);
  return (
    name &&
    `Kafka answers at ${config['bootstrap.servers']}, but sends its clients on to ${name}, which does not resolve on this machine: ` +
      'set advertised.listeners of the broker to a name that does, or add this one to /etc/hosts'
  );
}

/** @returns the first address that the client is sent on to and does not find */
async function unresolvable(config: ClientConfig): Promise<string | undefined> {
  const given = String(config['bootstrap.servers']).split(',');
  const sentOnTo = (text: string): string | undefined => {
    const [, name] = unresolved.exec(text) ?? [];
    return name === undefined || given.includes(name) ? undefined : name;
  };
  return await firstWords(config, sentOnTo, async (client) => {
    // The first answer says where to go, the second call goes there.
    await client.metadata(null, timeoutMs);
    await client.metadata(null, timeoutMs);
  });
}

/** Gives a data folder its cluster id, once: what is formatted already is left as it is. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import { ReplaygroundError } from '../../kafka/errors.ts';
import type { JarOptions } from './jars.ts';
import { javaCall, SHORT_LIVED } from './java-call.ts';

/**
 * @param dataDir the broker's `log.dirs`
 * @returns the node id that the folder was formatted for; undefined when it is not formatted
 */
export async function formattedNodeId(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, 'meta.properties'), 'utf8').catch(() => '');
  const id = /^node\.id=(\d+)$/m.exec(text)?.[1];
  return id === undefined ? undefined : Number(id);
}

/**
 * Formats the folder named in the configuration, as seen from the folder of that file.
 *
 * @param propertiesFile path of `server.properties`
 * @param clusterId the same for all brokers of a cluster, see `randomClusterId`
 * @param options see `resolveJars`
 * @throws ReplaygroundError `broker-format-failed`, and those of `javaCall`
 */
export async function formatData(
  propertiesFile: string,
  clusterId: string,
  options: JarOptions & { formatArgs?: readonly string[] },
): Promise<void> {
  const call = await javaCall(
    {
      mainClass: 'kafka.tools.StorageTool',
      args: ['format', '--ignore-formatted', '-t', clusterId, '-c', basename(propertiesFile), ...(options.formatArgs ?? [])],
    },
    { flags: SHORT_LIVED, logging: 'tools' },
    options,
  );
  const { exitCode, all } = await execa(call.command, call.args, { cwd: dirname(propertiesFile), env: call.env, reject: false, all: true });
  if (exitCode === 0) return;
  const lastLine = (all ?? '').trim().split('\n').at(-1) ?? '';
  throw new ReplaygroundError(
    'broker-format-failed',
    `Kafka's data folder could not be formatted: ${lastLine} (configuration: ${propertiesFile})`,
  );
}

/** @returns a UUID as Kafka writes it: URL-safe Base64 without padding, never with a leading dash (a dash would read as an option). */
export function randomClusterId(): string {
  const id = Buffer.from(crypto.randomUUID().replaceAll('-', ''), 'hex').toString('base64url');
  return id.startsWith('-') ? randomClusterId() : id;
}

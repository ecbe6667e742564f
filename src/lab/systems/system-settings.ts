/** Settings of a system while it runs: one note for each service in the topic that its system.yaml names; what they mean, it knows. */
import type { ClientConfig } from '../../kafka/client/connect.ts';
import { readNote, writeNotes } from '../../kafka/notes/notes.ts';
import { usageError } from '../terminal/exit-codes.ts';

export type SystemSettings = Record<string, string | number | boolean>;

/**
 * @param pairs `name=value`, each name once
 * @returns numbers and true, false as such, all else as text
 * @throws ReplaygroundError `usage`
 */
export function parseSettings(pairs: readonly string[]): SystemSettings {
  const settings: SystemSettings = {};
  for (const pair of pairs) {
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (name === '') throw usageError(`${JSON.stringify(pair)} is no setting: write name=value, such as throttle=10`);
    if (Object.hasOwn(settings, name)) throw usageError(`${name} is given twice`);
    Object.defineProperty(settings, name, { value: scalarOf(value), enumerable: true });
  }
  return settings;
}

function scalarOf(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  // Only what comes out as it was written: 007 and 1e3 are texts.
  return String(Number(text)) === text && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** @returns what is set for a service now */
export const readSystemSettings = async (config: ClientConfig, topic: string, service: string): Promise<SystemSettings> => {
  const note = await readNote(config, topic, service);
  return typeof note === 'object' && note !== null && !Array.isArray(note) ? (note as SystemSettings) : {};
};

/**
 * @param settings added to what is set; null takes everything back
 * @returns what is set now
 * @throws ReplaygroundError those of `writeNotes`
 */
export async function publishSystemSettings(
  config: ClientConfig,
  topic: string,
  service: string,
  settings: SystemSettings | null,
): Promise<SystemSettings> {
  const merged = settings && { ...(await readSystemSettings(config, topic, service)), ...settings };
  await writeNotes(config, topic, [{ key: service, body: merged }]);
  return merged ?? {};
}

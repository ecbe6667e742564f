/** `./lab set` in a lab that runs a system of anybody's: under the names that its services read. */
import { ReplaygroundError } from '../../kafka/errors.ts';
import { parseTarget } from '../../lab/supervisor/service-target.ts';
import { readRunningSystem } from '../../lab/systems/file/read-system.ts';
import { parseSettings, publishSystemSettings, readSystemSettings } from '../../lab/systems/system-settings.ts';
import { printTable } from '../../lab/terminal/output.ts';
import { printJson } from '../answers/print-answer.ts';
import type { KafkaClients } from '../client/kafka-clients.ts';

export type SetWish = { name: string; pairs: readonly string[]; defaults: boolean; json: boolean };

/** @throws ReplaygroundError `no-settings` where system.yaml names no topic for them; `usage`; those of `writeNotes` */
export async function setInSystem({ config, system }: KafkaClients, { name, pairs, defaults, json }: SetWish): Promise<void> {
  const { settings: topic } = readRunningSystem(system);
  if (topic === undefined) {
    const text = `${system.name} has no settings to change while it runs: its system.yaml may name their topic, settings: my-settings`;
    throw new ReplaygroundError('no-settings', text);
  }
  const { service } = parseTarget(name, system.services);
  const settings = parseSettings(pairs);
  const onlyShow = !defaults && pairs.length === 0;
  const now = onlyShow
    ? await readSystemSettings(config, topic, service)
    : await publishSystemSettings(config, topic, service, defaults ? null : settings);
  if (json) printJson<'set-system'>({ service, set: now });
  else
    printTable(
      ['SERVICE', 'SETTING', 'VALUE'],
      Object.entries(now).map(([setting, value]) => [service, setting, String(value)]),
    );
}

/** Makes of a lab that is somebody else's what a scenario expects to find. `restore.ts` puts everything back. */

import { publishRuntimeSettings, readRuntimeSettings } from '../../pipeline/settings/runtime-settings.ts';
import { waitInForce } from '../client/settings-in-force.ts';
import { waitHealthy } from '../client/wait-healthy.ts';
import { type Connection, consumers } from './connection.ts';
import type { Scenario } from './define-scenario.ts';
import { preparationFor } from './lab-needs.ts';

/**
 * Starts what is stopped, runs as many instances as the scenario begins with, and takes runtime settings back to the start values.
 * @param say gets a line for each thing that is changed
 * @throws ReplaygroundError `not-healthy`
 */
export async function prepareLab({ client, config }: Connection, scenario: Scenario, say: (line: string) => void): Promise<void> {
  const { start, scaleTo } = preparationFor(scenario, (await client.state()).processes);
  if (scaleTo !== undefined) {
    say(`the scenario begins with ${scaleTo} ${scaleTo === 1 ? 'instance' : 'instances'} of inventory-service: scaling until it is over`);
    await client.post('/api/scale', { service: 'inventory-service', count: scaleTo });
  }
  for (const name of start) {
    say(`starting ${name}, which was stopped: it is stopped again when the scenario is over`);
    await client.post(`/api/services/${encodeURIComponent(name)}/start`);
  }
  const { processes } = await client.state();
  await waitHealthy(
    client,
    processes.map(({ name }) => name),
  );
  for (const service of consumers) {
    if (Object.keys(await readRuntimeSettings(config, service)).length === 0) continue;
    say(`${service} has settings of its own: back to the start values until the scenario is over`);
    await waitInForce(client, service, await publishRuntimeSettings(config, service, null));
  }
}

/** What the environment of a verb says about the services of a running lab: taken over where that can be done while they run, else refused. */
import { clientConfig } from '../../kafka/client/client-config.ts';
import { reachable } from '../../lab/supervisor/lab-ports.ts';
import type { Settings } from '../../pipeline/settings/declarations.ts';
import { declarations } from '../../pipeline/settings/declarations.ts';
import { namedBy } from '../../pipeline/settings/read-settings.ts';
import type { RuntimeOverrides } from '../../pipeline/settings/runtime-settings.ts';
import { namedSettings, runtimeSettings } from '../supervisor/named-settings.ts';
import { lookAtSettings } from '../watch/ask-services.ts';
import { type LabClient, refuseOthers, settingsOfRunningLab } from './lab-client.ts';
import { waitInForce } from './settings-in-force.ts';

export type TakeOver = {
  own: Settings;
  env: NodeJS.ProcessEnv;
  /** Names of the services that the verb is about. */
  services: readonly string[];
  /** Whether a value that the lab was started with counts too: it outdoes a later `./lab set`. */
  always: boolean;
  say: (line: string) => void;
};

/**
 * Publishes the throttles and the fail rate that the environment names, as `./lab set` does.
 * @throws ReplaygroundError `bad-setting` for any other setting that differs from what the lab runs by
 */
export async function takeOver(lab: LabClient, { own, env, services, always, say }: TakeOver): Promise<void> {
  const names = Object.keys(runtimeSettings) as (keyof typeof runtimeSettings)[];
  // A name for all throttles is meant for the services that the verb names.
  const isObeyed = (name: (typeof names)[number]): boolean =>
    services.includes(runtimeSettings[name].service) || namedBy(name, env) === declarations[name].fallback;
  await refuseOthers(lab, own, env, names.filter(isObeyed));
  const wanted = names.filter(
    (name) =>
      services.includes(runtimeSettings[name].service) &&
      namedBy(name, env) !== undefined &&
      (always || own[name] !== lab.file.settings[name]),
  );
  if (wanted.length === 0) return;
  // Only here: the Kafka client takes longer to load than most verbs take.
  const { publishRuntimeSettings } = await import('../../pipeline/settings/runtime-settings.ts');
  const host = reachable(new URL(lab.file.url).hostname);
  const before = await lookAtSettings((await lab.state()).processes, host);
  const named = namedSettings(own, env);
  const config = clientConfig(await settingsOfRunningLab(own, env, names), 'lab-cli');
  for (const service of new Set(wanted.map((name) => runtimeSettings[name].service))) {
    const ofService = wanted.filter((name) => runtimeSettings[name].service === service);
    const keys = ofService.map((name) => runtimeSettings[name].key);
    const changes = Object.fromEntries(Object.entries(named[service] ?? {}).filter(([key]) => keys.includes(key as never)));
    const now = await publishRuntimeSettings(config, service, changes as RuntimeOverrides);
    await waitInForce(lab, service, now);
    for (const name of ofService) {
      const was = before[service].inForce?.[runtimeSettings[name].key];
      if (was !== own[name]) say(`lab: ${service} works with ${namedBy(name, env)}=${own[name]} from now on${told(was)}`);
    }
  }
}

const told = (was: unknown): string => (was === undefined || was === null ? '' : ` (before: ${String(was)})`);

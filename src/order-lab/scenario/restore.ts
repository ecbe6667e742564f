/** A lab that is somebody else's is left as it was found: settings, instances, what ran. */
import { publishRuntimeSettings, readRuntimeSettings } from '../../pipeline/settings/runtime-settings.ts';
import { type Connection, consumers } from './connection.ts';

/**
 * @param lab a running lab
 * @param say gets a line for each thing that is put back
 * @returns puts everything back that differs then
 */
export async function rememberState({ client, config }: Connection, say: (line: string) => void): Promise<AsyncDisposable> {
  const settings = () => Promise.all(consumers.map((service) => readRuntimeSettings(config, service)));
  const processes = async () => (await client.state()).processes;
  const [settingsBefore, processesBefore] = [await settings(), await processes()];
  const countOf = (of: string, list: typeof processesBefore): number => list.filter(({ service }) => service === of).length;

  return {
    async [Symbol.asyncDispose]() {
      const settingsNow = await settings();
      for (const [index, service] of consumers.entries()) {
        const [was, is] = [settingsBefore[index] ?? {}, settingsNow[index] ?? {}];
        if (JSON.stringify(was) === JSON.stringify(is)) continue;
        await publishRuntimeSettings(config, service, null);
        if (Object.keys(was).length > 0) await publishRuntimeSettings(config, service, was);
        say(`put back the settings of ${service}`);
      }
      for (const service of consumers) {
        const count = countOf(service, processesBefore);
        if (countOf(service, await processes()) === count) continue;
        await client.post('/api/scale', { service, count });
        say(`put back ${count} ${count === 1 ? 'instance' : 'instances'} of ${service}`);
      }
      const wasStopped = new Set(processesBefore.filter(({ state }) => state === 'stopped').map(({ name }) => name));
      for (const { name, state } of await processes()) {
        if (state === 'stopped' || !wasStopped.has(name)) continue;
        await client.post(`/api/services/${encodeURIComponent(name)}/stop`);
        say(`stopped ${name} again`);
      }
      const ran = new Set(processesBefore.filter(({ state }) => state !== 'stopped').map(({ name }) => name));
      for (const { name, state } of await processes()) {
        if (state !== 'stopped' || !ran.has(name)) continue;
        await client.post(`/api/services/${encodeURIComponent(name)}/start`);
        say(`started ${name} again`);
      }
    },
  };
}

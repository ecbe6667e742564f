/** Which instance of a service a process is: two of the same name would share a state folder, and take the transactional id from each other. */
import { join } from 'node:path';
import { ReplaygroundError } from '../../kafka/errors.ts';
import type { Settings } from '../settings/declarations.ts';
import { isSet } from '../settings/read-settings.ts';
import { lockFile } from '../state/lock-file.ts';

/** Held until the process ends, however it ends. */
const held: Disposable[] = [];

/**
 * @param service its instances have folders of their own in `state` of LAB_HOME
 * @param mostInstances how many are tried where LAB_INSTANCE names none; bounds the search
 * @returns a function that takes the instance which LAB_INSTANCE names, or the first one that no other process of this LAB_HOME has,
 *   and gives the settings with it; it throws ReplaygroundError `instance-taken`
 */
export function claimInstance(service: string, mostInstances: number) {
  return (settings: Settings, env: NodeJS.ProcessEnv = process.env): Settings => {
    const named = isSet('instance', env);
    const candidates = named ? [settings.instance] : Array.from({ length: mostInstances }, (_, index) => String(index + 1));
    for (const instance of candidates) {
      const lock = lockFile(join(settings.labHome, 'state', `${service}.${instance}`, 'instance.lock'));
      if (!lock) continue;
      held.push(lock);
      return { ...settings, instance };
    }
    const advice =
      named && mostInstances > 1 ? 'set LAB_INSTANCE to another name, or leave it out' : `./lab stop ${service} ends the lab's own`;
    throw new ReplaygroundError('instance-taken', `${service}.${candidates.at(-1)} runs already in ${settings.labHome}: ${advice}`);
  };
}

/** Steps that take away what is stored: a topic with all its records, the store of a service. */
import { existsSync, globSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureTopics, listTopics } from '../../../kafka/admin/admin.ts';
import { ask } from '../../../kafka/admin/with-deadline.ts';
import { connectAdmin } from '../../../kafka/client/connect.ts';
import { topicSpecs } from '../../../pipeline/events/topics.ts';
import type { LabSteps } from '../lab-steps.ts';
import { type Rig, requireOwnLab } from '../rig.ts';
import { poll } from './waits.ts';

const timeoutMs = 10_000;

export function storedSteps(rig: Rig): Pick<LabSteps, 'remakeTopic' | 'deleteStore'> {
  const { recorder } = rig;
  return {
    remakeTopic: (topic) => {
      const specs = topicSpecs(rig.lab.settings).filter(({ name }) => name === topic);
      const [{ partitions = 1 } = {}] = specs;
      const byHand = [
        `./lab kafka topics --delete --topic ${topic}`,
        `./lab kafka topics --create --topic ${topic} --partitions ${partitions}`,
      ];
      return recorder.step({ kind: 'change', what: `delete ${topic} and make it anew, empty`, byHand }, async () => {
        requireOwnLab(rig);
        using admin = connectAdmin(rig.lab.config);
        await ask(`delete topic ${topic}`, timeoutMs * 2, (callback) => admin.client.deleteTopic(topic, timeoutMs, callback));
        await poll(rig, `${topic} is gone`, {}, async () => {
          const topics = await listTopics(admin.client);
          return topics.includes(topic) ? { seen: 'it is there' } : { done: true, seen: '' };
        });
        await ensureTopics(admin.client, specs);
        for (const id of rig.baseline.ends.keys()) if (id.startsWith(`${topic}/`)) rig.baseline.ends.delete(id);
      });
    },

    deleteStore: (service) => {
      const byHand = [`rm -r .lab/state/${service}.*`];
      return recorder.step({ kind: 'change', what: `delete the store of ${service}`, byHand }, async (tell) => {
        const state = join(rig.lab.settings.labHome, 'state');
        const folders = globSync(`${service}.*`, { cwd: state });
        await Promise.all(folders.map((folder) => rm(join(state, folder), { recursive: true })));
        tell(`deleted ${folders.filter((folder) => !existsSync(join(state, folder))).join(', ') || 'nothing'}`);
      });
    },
  };
}

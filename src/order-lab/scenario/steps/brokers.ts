/** Steps that take a broker from a cluster of three, and give it back. */

import { ReplaygroundError } from '../../../kafka/errors.ts';
import { runKafkaTool } from '../../../lab/broker/tools.ts';
import type { LabSteps } from '../lab-steps.ts';
import type { Rig } from '../rig.ts';
import { poll } from './waits.ts';

export function brokerSteps(rig: Rig): Pick<LabSteps, 'killBroker' | 'returnBroker'> {
  const { recorder } = rig;
  const cluster = () => {
    if (rig.cluster) return rig.cluster;
    throw new ReplaygroundError('one-broker', 'this lab has one broker: a scenario with threeBrokers has three');
  };
  return {
    killBroker: (id) =>
      recorder.step({ kind: 'change', what: `kill broker ${id} (SIGKILL)`, byHand: [`kill ${id}`] }, async (tell) => {
        tell(`pid ${cluster().pidOf(id)}`);
        await cluster().kill(id);
      }),

    returnBroker: (id, deadline = {}) => {
      const byHand = [`start ${id}`, './lab kafka topics --describe --under-replicated-partitions'];
      return recorder.step({ kind: 'change', what: `start broker ${id} again, wait until it has caught up`, byHand }, async () => {
        await cluster().start(id);
        await poll(rig, 'every replica is in sync', deadline, async () => {
          const { exitCode, stdout, stderr } = await runKafkaTool('topics', ['--describe', '--under-replicated-partitions'], {
            brokers: cluster().brokers,
          });
          const behind = (stdout + stderr).trim();
          return exitCode === 0 && behind === '' ? { done: true, seen: '' } : { seen: behind.slice(0, 200) };
        });
      });
    },
  };
}

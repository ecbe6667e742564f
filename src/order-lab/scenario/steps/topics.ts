/** Steps of somebody who changes the topics themselves: Kafka's own tools, and a transaction that is left open. */

import { ask } from '../../../kafka/admin/with-deadline.ts';
import { BatchWriter } from '../../../kafka/bridge/batch-writer.ts';
import { reachProducer } from '../../../kafka/bridge/reach.ts';
import { bootstrapServers } from '../../../kafka/client/client-config.ts';
import { connectAdmin } from '../../../kafka/client/connect.ts';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import { runKafkaTool } from '../../../lab/broker/tools.ts';
import type { LabSteps } from '../lab-steps.ts';
import { type Rig, requireOwnLab } from '../rig.ts';

const timeoutMs = 10_000;
/** The most that brokers allow by default. */
const leftOpenMs = 900_000;

export function topicSteps(rig: Rig): Pick<LabSteps, 'kafkaTool' | 'deleteRecords' | 'openTransaction'> {
  const { recorder } = rig;
  return {
    kafkaTool: (tool, args) => {
      const command = `./lab kafka ${tool} ${args.join(' ')}`;
      return recorder.step({ kind: 'change', what: `${tool} ${args.join(' ')}`, byHand: [command] }, async () => {
        requireOwnLab(rig);
        const brokers = bootstrapServers(rig.lab.settings);
        const { exitCode, stdout, stderr } = await runKafkaTool(tool, args, { brokers });
        if (exitCode !== 0) throw new ReplaygroundError('kafka-tool-failed', `${command}: ${(stderr || stdout).split('\n')[0]}`);
      });
    },

    deleteRecords: (topic, partition, before) => {
      const offsets = JSON.stringify({ partitions: [{ topic, partition, offset: before }], version: 1 });
      const byHand = [`echo '${offsets}' > offsets.json`, './lab kafka delete-records --offset-json-file offsets.json'];
      return recorder.step({ kind: 'change', what: `delete the records of ${topic}/${partition} before ${before}`, byHand }, async () => {
        requireOwnLab(rig);
        using admin = connectAdmin(rig.lab.config);
        await ask('delete the records', timeoutMs * 2, (callback) =>
          admin.client.deleteRecords([{ topic, partition, offset: before }], { timeout: timeoutMs }, callback),
        );
      });
    },

    openTransaction: (topic, partition) =>
      recorder.step({ kind: 'change', what: `a stranger leaves a transaction open on ${topic}/${partition}`, byHand: [] }, async () => {
        requireOwnLab(rig);
        const transactional = { 'transactional.id': `stranger-${Date.now()}`, 'transaction.timeout.ms': leftOpenMs };
        const producer = await reachProducer({ ...rig.lab.config, ...transactional, 'linger.ms': 0 });
        await producer.initTransactions(timeoutMs);
        await producer.begin();
        const batch = new BatchWriter();
        batch.write({ topic: producer.topic(topic), partition, key: 'stranger', value: 'left open' });
        await producer.send(batch, timeoutMs);
        const abort = (): Promise<void> =>
          recorder.step(
            { kind: 'change', what: 'the stranger gives its transaction up', byHand: ['./lab kafka transactions abort'] },
            async () => {
              await producer.abort(timeoutMs);
              await producer.close();
            },
          );
        return { abort };
      }),
  };
}

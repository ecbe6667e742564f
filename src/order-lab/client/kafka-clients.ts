/** What verbs need to ask Kafka: the settings of the running lab and an inspector that answers. */

import { checkAccess } from '../../kafka/access/check-access.ts';
import { clientConfig } from '../../kafka/client/client-config.ts';
import type { ClientConfig } from '../../kafka/client/connect.ts';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { KafkaInspector } from '../../kafka/groups/inspector.ts';
import type { SystemFacts } from '../../lab/wire/system-facts.ts';
import type { SettingName, Settings } from '../../pipeline/settings/declarations.ts';
import { readSettings } from '../../pipeline/settings/read-settings.ts';
import { settingsInForce } from './lab-client.ts';

export type KafkaClients = Disposable & { settings: Settings; system: SystemFacts; config: ClientConfig; inspector: KafkaInspector };

/**
 * @param obeyed settings by which the verb itself goes
 * @returns the running lab's Kafka, else that of `KAFKA_BROKERS`
 * @throws ReplaygroundError `lab-not-running` where there is neither, `kafka-unreachable` where nothing answers,
 *   `kafka-refused` where it does not let us in, `bad-setting` where the lab runs by other settings than those given
 */
export async function openKafka(obeyed: readonly SettingName[] = []): Promise<KafkaClients> {
  const { settings, system } = await settingsInForce(readSettings(), process.env, obeyed);
  const config = clientConfig(settings, 'lab-cli');
  await checkAccess(config);
  const inspector = new KafkaInspector(config);
  await inspector.ask('listTopics').catch((error: unknown) => {
    inspector[Symbol.dispose]();
    throw new ReplaygroundError(
      'kafka-unreachable',
      `no Kafka answers at ${settings.kafkaBrokers}: is it running? ./lab ps shows the lab, KAFKA_BROKERS names another Kafka`,
      { cause: error, retriable: true },
    );
  });
  return { settings, system, config, inspector, [Symbol.dispose]: () => inspector[Symbol.dispose]() };
}

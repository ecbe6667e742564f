/** What verbs need to ask Kafka: the settings of the running lab, an admin client that answers, and the group describer. */
import { ReplaygroundError } from '../errors.ts';
import { listTopics } from '../kafka/admin.ts';
import { clientConfig } from '../kafka/client-config.ts';
import { type ClientConfig, connectAdmin } from '../kafka/connect.ts';
import { GroupDescriber } from '../kafka/group-describer.ts';
import type { GroupClients } from '../kafka/group-state.ts';
import type { Settings } from '../settings/declarations.ts';
import { readSettings } from '../settings/read-settings.ts';
import { settingsOfRunningLab } from './lab-client.ts';

export type KafkaClients = Disposable & GroupClients & { settings: Settings; config: ClientConfig };

/**
 * @returns clients of the running lab's Kafka, else of `KAFKA_BROKERS`
 * @throws ReplaygroundError `lab-not-running` where there is neither, `kafka-unreachable` where nothing answers
 */
export async function openKafka(): Promise<KafkaClients> {
  const settings = await settingsOfRunningLab(readSettings());
  const config = clientConfig(settings, 'lab-cli');
  const { client: admin, [Symbol.dispose]: close } = connectAdmin(config);
  await listTopics(admin).catch((error: unknown) => {
    close();
    throw new ReplaygroundError(
      'kafka-unreachable',
      `no Kafka answers at ${settings.kafkaBrokers}: is it running? ./lab ps shows the lab, KAFKA_BROKERS names another Kafka`,
      { cause: error, retriable: true },
    );
  });
  const describer = new GroupDescriber(config);
  return {
    settings,
    config,
    admin,
    describer,
    [Symbol.dispose]: () => {
      describer[Symbol.dispose]();
      close();
    },
  };
}

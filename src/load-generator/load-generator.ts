/** Sends one burst of TOTAL_EVENTS orders to the Kafka of the lab in LAB_HOME, else to KAFKA_BROKERS or 127.0.0.1:9092, and ends. */
import { useLabNode } from '../pipeline/service/use-lab-node.ts';

await useLabNode();
const { settingsOfRunningLab } = await import('../order-lab/client/lab-client.ts');
const { bootstrapServers } = await import('../kafka/client/client-config.ts');
const { burstAndEnd, burstSettings } = await import('../pipeline/orders/burst-and-end.ts');
const { exitNow } = await import('../pipeline/service/exit-now.ts');

exitNow(
  await burstAndEnd((settings) =>
    settingsOfRunningLab({ ...settings, kafkaBrokers: bootstrapServers(settings) }, process.env, burstSettings),
  ),
);

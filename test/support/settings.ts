/** Settings for a test: the defaults, the test's Kafka, and what the test is about. */
import type { Settings } from '../../src/pipeline/settings/declarations.ts';
import { readSettings } from '../../src/pipeline/settings/read-settings.ts';
import { brokers } from './kafka.ts';

/** @returns settings that take nothing from the environment but where Kafka is; ports are free ones */
export const testSettings = (changes: Partial<Settings> = {}): Settings => ({
  ...readSettings({ KAFKA_BROKERS: changes.kafkaBrokers ?? brokers() }),
  orderServicePort: 0,
  analyticsServicePort: 0,
  inventoryServicePort: 0,
  notificationServicePort: 0,
  ...changes,
});

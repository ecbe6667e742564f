/** Steps that only look: metrics, records, dead letters, logs. Records are read by a consumer of their own, committed ones only. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { deadLetterTopic } from '../../../kafka/admin/side-topics.ts';
import { bootstrapServers, connectionConfig } from '../../../kafka/client/client-config.ts';
import { kafkaJsConfig } from '../../../kafka/client/kafkajs-config.ts';
import { deadLetterInfo } from '../../../kafka/dead-letters/read-letter-headers.ts';
import { plainRecord } from '../../../kafka/record/show-record.ts';
import { formatValue } from '../../../lab/report/check.ts';
import { logFileOf } from '../../../lab/supervisor/log-files.ts';
import { lastLines, parseLine, readable } from '../../../lab/supervisor/log-lines.ts';
import { fetchMetrics } from '../../client/analytics-client.ts';
import { namesIn } from '../connection.ts';
import type { LabSteps } from '../lab-steps.ts';
import type { Rig } from '../rig.ts';
import { RunBooks } from '../run-books.ts';
import { countedSince } from './counted.ts';
import { readSince } from './read-since.ts';
import { saveMetrics } from './save-metrics.ts';
import { settled } from './settled.ts';

const mostLogLines = 100_000;

type Looks =
  | 'settledMetrics'
  | 'metrics'
  | 'counted'
  | 'ledger'
  | 'read'
  | 'deadLetters'
  | 'logs'
  | 'saveMetrics'
  | 'samples'
  | 'kafka'
  | 'names';

export function lookSteps(rig: Rig): Pick<LabSteps, Looks> {
  const { recorder } = rig;
  const byHand = ['./lab metrics'];
  return {
    metrics: () => recorder.step({ kind: 'look', what: 'metrics of analytics', byHand }, () => fetchMetrics(rig.lab.analyticsUrl)),

    settledMetrics: () =>
      recorder.step({ kind: 'look', what: 'metrics of analytics, once it has read everything', byHand }, () => settled(rig)),

    counted: () =>
      recorder.step({ kind: 'look', what: 'what analytics has counted in this run', byHand }, async (tell) => {
        const counted = countedSince(rig.baseline.metrics, await settled(rig));
        const { orders, reservations, failureRate } = counted;
        tell(`${formatValue(orders)} orders, ${formatValue(reservations)} reservations, ${(failureRate * 100).toFixed(2)}% failed`);
        return counted;
      }),

    ledger: () => {
      const { orders, inventory } = namesIn(rig.lab.settings);
      const tails = ['./lab ledger', `./lab tail ${orders} --from earliest -e --json`, `./lab tail ${inventory} --from earliest -e --json`];
      return recorder.step({ kind: 'look', what: 'read both topics record by record', byHand: tails }, async (tell) => {
        using books = new RunBooks({ orders, inventory });
        for (const topic of [orders, deadLetterTopic(orders), inventory]) await readSince(rig, topic, (record) => books.add(record));
        const ledger = books.balance(rig.baseline.ends);
        tell(
          `${formatValue(ledger.orders)} orders, ${formatValue(ledger.decisions)} decisions, ${ledger.missing.length} missing, ${ledger.decidedTwice.length} decided twice`,
        );
        return ledger;
      });
    },

    read: (topic) =>
      recorder.step({ kind: 'look', what: `read ${topic}`, byHand: [`./lab tail ${topic} --from earliest -e`] }, async (tell) => {
        const records = await recordsSince(rig, topic);
        tell(`${formatValue(records.length)} records`);
        return records.map(plainRecord);
      }),

    deadLetters: (topic) =>
      recorder.step({ kind: 'look', what: `dead letters of ${topic}`, byHand: ['./lab dlq list'] }, async (tell) => {
        const records = await recordsSince(rig, deadLetterTopic(topic));
        tell(`${formatValue(records.length)} dead letters`);
        return records.map((record) => {
          const { key, value } = plainRecord(record);
          const { reason, message } = deadLetterInfo(record);
          return { key, value, bytes: record.value, reason, message };
        });
      }),

    logs: (process) =>
      recorder.step({ kind: 'look', what: `log of ${process}`, byHand: [`./lab logs ${process}`] }, async () => {
        const { lines } = await lastLines(logFileOf(rig.lab.settings.labHome, process), mostLogLines);
        const parsed = lines.map((line) => parseLine(line));
        return parsed.filter(({ at }) => at === '' || Date.parse(at) >= rig.baseline.atMs).map(({ text }) => readable(text));
      }),

    saveMetrics: (file) =>
      recorder.step({ kind: 'look', what: `write ${file}`, byHand: [`./lab metrics > ${file}`] }, () => saveMetrics(rig, file)),

    samples: () => rig.sampler.samples,
    get kafka() {
      const { settings } = rig.lab;
      return {
        bootstrapServers: bootstrapServers(settings),
        librdkafka: connectionConfig(settings),
        kafkajs: kafkaJsConfig(settings),
      };
    },
    get names() {
      return namesIn(rig.lab.settings);
    },
  };
}

/** All at once: for topics that are known to be small. */
async function recordsSince(rig: Rig, topic: string): Promise<Message[]> {
  const records: Message[] = [];
  await readSince(rig, topic, (record) => records.push(record));
  return records;
}

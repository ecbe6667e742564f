/** Steps that send: bursts, single records as they are, single orders by HTTP. */

import { ReplaygroundError } from '../../../kafka/errors.ts';
import { sendRecords } from '../../../kafka/producer/send-records.ts';
import { formatValue } from '../../../lab/report/check.ts';
import { usageError } from '../../../lab/terminal/exit-codes.ts';
import { publishBurst } from '../../../pipeline/orders/burst.ts';
import { newRunId } from '../../../pipeline/orders/run-id.ts';
import { burstByHand } from '../by-hand.ts';
import type { LabSteps, PlainRecord } from '../lab-steps.ts';
import type { Rig } from '../rig.ts';

const progressEvery = 1000;
const httpTimeoutMs = 30_000;

export function trafficSteps(rig: Rig): Pick<LabSteps, 'burst' | 'send' | 'order'> {
  const { recorder } = rig;
  return {
    burst: (count, options = {}) => {
      const pace = options.ratePerSec === undefined ? '' : ` at ${formatValue(options.ratePerSec)} a second`;
      const what = `burst of ${formatValue(count)} orders${pace}`;
      return recorder.step({ kind: 'change', what, byHand: burstByHand(count, options) }, async (tell) => {
        const { settings } = rig.lab;
        const runId = newRunId();
        let progressLines = 0;
        const { produced, durationMs, eventsPerSec } = await publishBurst({
          settings,
          topic: settings.ordersTopic,
          count,
          ratePerSec: options.ratePerSec,
          failRate: options.failRate ?? 0,
          seed: options.seed ?? runId,
          runId,
          progressEvery,
          onProgress: () => {
            progressLines += 1;
          },
          signal: rig.signal,
        });
        tell(
          `${formatValue(produced)} acknowledged in ${(durationMs / 1000).toFixed(2)} s, ${formatValue(Math.round(eventsPerSec))} a second`,
        );
        return { produced, durationMs, eventsPerSec, runId, progressLines };
      });
    },

    send: (what, records) => {
      const { ordersTopic } = rig.lab.settings;
      const byHand = records.length === 1 ? [producerByHand(records[0] as PlainRecord, ordersTopic)] : [];
      return recorder.step({ kind: 'change', what: `send ${what}`, byHand }, async (tell) => {
        const outcomes = await sendRecords(
          rig.lab.config,
          records.map(({ topic = ordersTopic, key, value, partition }) => ({
            topic,
            partition: partition ?? null,
            key: key === null ? null : Buffer.from(key),
            value: bytesOf(value),
          })),
        );
        const refused = outcomes.find((outcome) => outcome !== undefined);
        if (refused) throw new ReplaygroundError('not-sent', `a record was not taken: ${refused.message}`);
        tell(`${formatValue(records.length)} ${records.length === 1 ? 'record' : 'records'} acknowledged`);
      });
    },

    order: (body) => {
      const json = JSON.stringify(body);
      const url = `${rig.lab.ordersUrl}/produce`;
      const byHand = [`curl -s -H 'content-type: application/json' -d '${json}' http://127.0.0.1:8000/produce`];
      return recorder.step({ kind: 'change', what: 'one order by POST /produce', byHand }, async (tell) => {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: json,
          signal: AbortSignal.timeout(httpTimeoutMs),
        });
        const answer = (await response.json()) as Record<string, unknown>;
        if (!response.ok) throw usageError(`POST /produce answered ${response.status}: ${String(answer.detail ?? answer.title)}`);
        tell(`${String(answer.topic)} partition ${String(answer.partition)} offset ${String(answer.offset)}`);
        return answer;
      });
    },
  };
}

const bytesOf = (value: PlainRecord['value']): Buffer | null => {
  if (value === null || Buffer.isBuffer(value)) return value;
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
};

function producerByHand({ topic, key, value }: PlainRecord, ordersTopic: string): string {
  const text = bytesOf(value)?.toString() ?? '';
  return `echo '${key ?? ''}|${text}' | ./lab kafka console-producer --topic ${topic ?? ordersTopic} --reader-property parse.key=true --reader-property 'key.separator=|'`;
}

/** Steps about a load that runs through everything else: start, end, and whether what was accepted is kept. */

import { formatValue } from '../../../lab/report/check.ts';
import { newRunId } from '../../../pipeline/orders/run-id.ts';
import { namesIn } from '../connection.ts';
import type { LabSteps } from '../lab-steps.ts';
import { type LoadFigures, type OrderLoad, startOrderLoad } from '../load/order-load.ts';
import type { Rig } from '../rig.ts';
import { readSince } from './read-since.ts';

export function loadSteps(rig: Rig): Pick<LabSteps, 'load'> {
  const { recorder, signal } = rig;
  return {
    load: ({ ratePerSec }) => {
      const runId = newRunId();
      const load = startOrderLoad({ url: () => rig.lab.ordersUrl, ratePerSec, runId, signal });
      const body = `{"orderId":"${runId}-1","items":[{"sku":"burger","qty":1}]}`;
      const byHand = [`curl -s -H 'content-type: application/json' -d '${body}' http://127.0.0.1:8000/produce`];
      void recorder.step(
        { kind: 'change', what: `orders by POST /produce from now on, ${formatValue(ratePerSec)} a second`, byHand },
        async () => {},
      );
      return {
        figures: () => load.figures(),
        answered: () => load.answered(),
        finish: ({ withinSec = 120 } = {}) =>
          recorder.step({ kind: 'change', what: 'no new orders; what was not accepted is sent until it is' }, async (tell) => {
            const figures = await load.finish(withinSec);
            tell(figuresText(figures));
            return figures;
          }),
        verify: () =>
          recorder.step({ kind: 'look', what: 'look up every order that was answered by 200, where the answer said' }, async (tell) => {
            const found = await findAnswered(rig, load);
            tell(`${formatValue(found.inTheLog)} of ${formatValue(found.accepted)} are there`);
            return found;
          }),
      };
    },
  };
}

const figuresText = ({ orders, accepted, requests, refused, unanswered, sentAgain }: LoadFigures): string => {
  const others = Object.entries(refused).map(([status, count]) => `, ${formatValue(count)} answered ${status}`);
  return `${formatValue(accepted)} of ${formatValue(orders)} orders accepted, in ${formatValue(requests)} requests${others.join('')}, ${formatValue(unanswered)} without an answer; ${formatValue(sentAgain)} orders were sent more than once`;
};

async function findAnswered(rig: Rig, load: OrderLoad) {
  const { accepted } = load.figures();
  const isFound = new Set<number>();
  const prefix = `${load.runId}-`;
  await readSince(rig, namesIn(rig.lab.settings).orders, ({ key, partition, offset }) => {
    const id = String(key);
    if (!id.startsWith(prefix)) return;
    const number = Number(id.slice(prefix.length));
    const place = load.placeOf(number);
    if (place?.partition === partition && place.offset === offset) isFound.add(number);
  });
  const { orders } = load.figures();
  let firstMissing: string | undefined;
  for (let number = 1; number <= orders && firstMissing === undefined; number += 1)
    if (load.placeOf(number) && !isFound.has(number)) firstMissing = `${prefix}${number}`;
  return { accepted, inTheLog: isFound.size, firstMissing };
}

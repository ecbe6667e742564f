/**
 * What becomes of "decided once" when partitions are added. Ids move between partitions then: an order's decision lies in one partition,
 * and the same order may come again in another, before or after it. So on a topic that grew one instance alone decides, and only while it
 * owns every partition: its store holds the decisions of all of them. Pure.
 */

import type { TopicFacts } from '../../kafka/admin/topic-change.ts';
import type { GroupProtocol } from '../../kafka/consumer/group-protocol.ts';

export type Growth = {
  orders: TopicFacts;
  inventory: TopicFacts /** Partitions of the orders when the older of both logs was begun. */;
  begunWith: number;
};

/**
 * Whether an order and its decision, or the same order sent again, may stand in partitions of other numbers: then no instance but one that owns all of
 * both topics can count them.
 */
export const mustReadAlone = (growth: Growth): boolean => hasGrown(growth) || growth.orders.partitions !== growth.inventory.partitions;

export const hasGrown = ({ orders, begunWith }: Growth): boolean => orders.partitions !== begunWith;

/** Whether a decision on an order of the last partition would have no partition to go to. */
export const lacksOutputs = ({ orders, inventory }: Growth): boolean => inventory.partitions < orders.partitions;

/**
 * `hold`: read nothing until the others have left, which gives this instance the rest; `stand-by`: leave, and come back when nobody is
 * there. One of a group holds partition 0, so one stays.
 */
export type Duty = 'read' | 'hold' | 'stand-by';

/**
 * @param assigned the partitions of an instance in one generation of the group, which fences commits of all earlier ones (KIP-447)
 * @param growth of the topic
 * @returns what the instance does in that generation
 */
export function dutyOf(assigned: readonly number[], growth: Growth): Duty {
  if (!hasGrown(growth) || assigned.length === growth.orders.partitions) return 'read';
  return assigned.includes(0) ? 'hold' : 'stand-by';
}

/**
 * A duty is one of a whole generation, which the classic protocol has: in the other, partitions come and go one by one (KIP-848). A group is
 * taken over from one protocol to the other by whoever joins it.
 * @returns by which protocol an instance joins its group
 */
export const protocolFor = (growth: Growth, wanted: GroupProtocol): GroupProtocol => (hasGrown(growth) ? 'classic' : wanted);

const tool = './lab kafka kafka-topics';

/** @returns for people: what the numbers of partitions mean, and the commands; undefined where all is as it was begun */
export function growthNote(growth: Growth): string | undefined {
  const { orders, inventory, begunWith } = growth;
  if (lacksOutputs(growth)) {
    return `${orders.name} has ${orders.partitions} partitions and ${inventory.name} ${inventory.partitions}: a decision goes to the partition of its order, so nothing is decided until ${tool} --alter --topic ${inventory.name} --partitions ${orders.partitions} (next time ${inventory.name} first, then ${orders.name})`;
  }
  if (!hasGrown(growth)) return undefined;
  // Both services stopped: one that starts makes what is missing, with the partitions of a first start.
  const anew = [
    './lab stop inventory-service',
    './lab stop analytics-service',
    `${tool} --delete --topic ${orders.name}`,
    `${tool} --delete --topic ${inventory.name}`,
    `${tool} --create --topic ${inventory.name} --partitions ${inventory.partitions}`,
    `${tool} --create --topic ${orders.name} --partitions ${orders.partitions}`,
    './lab start inventory-service',
    './lab start analytics-service',
  ];
  return `${orders.name} was begun with ${begunWith} partitions and has ${orders.partitions}: ids have moved between them, so one instance alone decides, and the others stand by. All instances read again in topics made anew, without their records: ${anew.join(' && ')}`;
}

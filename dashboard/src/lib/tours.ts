/** The guided tours: what to do, why, and how the page sees that it was done. Pure: facts in, ticks out. */

/** What a tour can look at; all of it measured. */
export type TourFacts = {
  atMs: number;
  inventoryLag: number | null;
  analyticsLag: number | null;
  inventoryThrottleMs: number | null;
  analyticsThrottleMs: number | null;
  /** Inventory instances that own a partition, and all of them. */
  readers: number;
  instances: number;
  partitions: number;
  orders: number;
  burst: { startedMs: number; running: boolean } | null;
  replay: { startedMs: number; identical: boolean | null } | null;
};

export type TourStep = {
  title: string;
  text: string;
  /** `data-tour` of the control that it is about. */
  at: string;
  /** What the step asks for, as a call to the lab: in a lecture the space bar makes it. Left out where there is only something to see. */
  act?: { path: string; body: object };
  /** What is to be so: it counts where it was not so when the step began. */
  holds?: (facts: TourFacts) => boolean;
  /** Where a state alone does not tell, what is to happen. @param facts of now @param begun facts when the step began */
  happened?: (facts: TourFacts, begun: TourFacts) => boolean;
};

export type Tour = { id: string; title: string; summary: string; steps: TourStep[]; end: string };

const throttle = (service: string, throttleMs: number) => ({ path: `/api/settings/${service}`, body: { throttleMs } });
const burst = (count: number, ratePerSec: number) => ({ path: '/api/burst', body: { count, ratePerSec } });
const scale = (count: number) => ({ path: '/api/scale', body: { service: 'inventory-service', count } });

/** One that still goes on is sent now. */
const sentSince = ({ burst }: TourFacts, begun: TourFacts): boolean =>
  burst !== null && (burst.startedMs !== begun.burst?.startedMs || (burst.running && begun.burst.running));

/** @returns whether the step was done since it began */
export const isDone = ({ holds, happened }: TourStep, facts: TourFacts, begun: TourFacts): boolean =>
  happened?.(facts, begun) ?? (holds?.(facts) === true && !holds(begun));

/** @returns whether nothing is left to do, although nobody has done it since the step began: it is not ticked by itself */
export const isSoAlready = ({ holds }: TourStep, facts: TourFacts, begun: TourFacts): boolean => holds?.(facts) === true && holds(begun);

/** @returns the facts that the step counts from: those of its beginning, or later ones in which it was to be done again */
export const countedFrom = ({ holds }: TourStep, facts: TourFacts, begun: TourFacts | null): TourFacts =>
  begun === null || (holds?.(begun) && !holds(facts)) ? facts : begun;

export const tours: Tour[] = [
  {
    id: 'consumer-lag',
    title: 'Consumer lag',
    summary: 'Overload a slow reader, then help it with more instances.',
    steps: [
      {
        title: 'Make inventory slow',
        text: 'Drag “Throttle per record” to 10 ms. One instance can now do about 100 orders a second.',
        at: 'settings-inventory-service',
        act: throttle('inventory-service', 10),
        holds: ({ inventoryThrottleMs }) => (inventoryThrottleMs ?? 0) >= 5,
      },
      {
        title: 'Send a burst',
        text: 'Send 10,000 orders at 500/s. They are appended to the three partitions of order-events, faster than inventory reads.',
        at: 'burst',
        act: burst(10_000, 500),
        happened: sentSince,
      },
      {
        title: 'See the lag grow',
        text: 'Lag = end of the log minus what the group has committed. Watch the orange bars fill and the line climb past 1,000.',
        at: 'picture',
        holds: ({ inventoryLag }) => (inventoryLag ?? 0) >= 1000,
      },
      {
        title: 'Scale out',
        text: 'Press + until there are three instances. Kafka shares the partitions out anew (a rebalance): watch the lines move, one partition for each.',
        at: 'instances',
        act: scale(3),
        holds: ({ readers }) => readers >= 3,
      },
      {
        title: 'One too many',
        text: 'Press + once more. A partition has one reader in a group, so the fourth instance stays idle.',
        at: 'instances',
        act: scale(4),
        holds: ({ instances, readers }) => instances > readers && readers >= 3,
      },
      {
        title: 'Watch it drain',
        text: 'The lag falls about three times as fast as one instance could. Wait for 0, or set the throttle to 0 ms.',
        at: 'picture',
        holds: ({ inventoryLag }) => inventoryLag === 0,
      },
    ],
    end: 'More instances help up to the number of partitions, and nothing was lost on the way. “Defaults” puts the speed back.',
  },
  {
    id: 'throttle',
    title: 'A slow view',
    summary: 'Slow only analytics: its lag grows, inventory stays healthy.',
    steps: [
      {
        title: 'Slow analytics down',
        text: 'In “Slow analytics down”, drag the throttle to 5 ms or more. Analytics is another group with offsets of its own.',
        at: 'settings-analytics-service',
        act: throttle('analytics-service', 5),
        holds: ({ analyticsThrottleMs }) => (analyticsThrottleMs ?? 0) >= 5,
      },
      {
        title: 'Send a burst',
        text: 'Send orders again. Both groups read the same records, each at its own speed.',
        at: 'burst',
        act: burst(5000, 500),
        happened: sentSince,
      },
      {
        title: 'One is behind, one is not',
        text: 'The violet bars grow, the orange ones stay short. The totals in the tiles trail what really happened.',
        at: 'picture',
        holds: ({ analyticsLag, inventoryLag }) => (analyticsLag ?? 0) >= 500 && (inventoryLag ?? 0) < (analyticsLag ?? 0),
      },
      {
        title: 'Let it catch up',
        text: 'Press “Defaults” there. Analytics reads on where it was: nothing was lost, it was only late.',
        at: 'settings-analytics-service',
        act: { path: '/api/settings/analytics-service', body: { defaults: true } },
        holds: ({ analyticsLag, analyticsThrottleMs }) => analyticsThrottleMs === 0 && analyticsLag === 0,
      },
    ],
    end: 'Groups do not disturb each other: the log keeps the records, each group keeps its own place in it.',
  },
  {
    id: 'replay',
    title: 'Replay',
    summary: 'Read the whole log again, and prove that the same comes out.',
    steps: [
      {
        title: 'Have some orders',
        text: 'There must be orders to count: send a burst if the tile “Orders” shows 0.',
        at: 'burst',
        act: burst(1000, 500),
        holds: ({ orders }) => orders > 0,
      },
      {
        title: 'Start the replay',
        text: 'Press “Replay”. Analytics forgets its figures, goes back to the beginning of both topics, and reads everything again.',
        at: 'replay',
        act: { path: '/api/replay', body: {} },
        happened: ({ replay }, begun) => replay !== null && replay.startedMs !== begun.replay?.startedMs,
      },
      {
        title: 'Identical?',
        text: 'A digest is a fingerprint of all figures. Every decision was recorded once and is never drawn again: the two must be equal.',
        at: 'replay',
        holds: ({ replay }) => replay?.identical === true,
        happened: ({ replay }, begun) =>
          replay?.identical === true && (replay.startedMs !== begun.replay?.startedMs || begun.replay.identical !== true),
      },
    ],
    end: 'The log is the truth: every figure on this page can be thrown away and comes back identical.',
  },
];

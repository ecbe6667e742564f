/** What a ledger can find wrong, by the words of Jepsen's Kafka workload and its set checker: the one place of these words. Pure, without imports of Node. */

/** https://github.com/jepsen-io/redpanda, `workload/queue.clj`; `unexpected` is of `jepsen.checker/set-full`. */
export const anomalies = {
  'lost-write': { name: 'lost write', what: 'it was written, what is behind it was read, and nothing came of it' },
  duplicate: { name: 'duplicate', what: 'it came out more than once' },
  'aborted-read': { name: 'aborted read', what: 'something came of a record that no reader of committed records sees (G1a)' },
  'nonmonotonic-send': { name: 'out of order', what: 'something came of a later record before the earlier one, or instead of it' },
  unexpected: { name: 'unexpected', what: 'it came out, and it is not what came in' },
  unseen: { name: 'unseen', what: 'it was written, and its partition is not read on' },
} as const;
export type Anomaly = keyof typeof anomalies;

/** What happened this near to a finding (ms) is told with it. */
export const nearMs = 5000;
export const nearText = `within ${nearMs / 1000} s`;

/** @returns `lost write (Jepsen: lost-write)`: the name for people, and the one to look up */
export const anomalyText = (anomaly: Anomaly): string => `${anomalies[anomaly].name} (Jepsen: ${anomaly})`;

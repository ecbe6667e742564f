/** The faults of a crash test: what is drawn before it begins, and what was done. */

export const faultKinds = ['kill', 'freeze', 'stop', 'scale', 'broker', 'duplicate', 'unreadable'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** What each kind is, for people. */
export const faultText: { [kind in FaultKind]: string } = {
  kill: 'a process is killed (SIGKILL) and started again',
  freeze: 'a process is frozen (SIGSTOP) until its group has thrown it out, then goes on',
  stop: 'a process is stopped in order, and started again',
  scale: 'processes are added or taken away',
  broker: 'a broker is killed and started again',
  duplicate: 'a record comes in a second time',
  unreadable: 'a record comes in that cannot be read',
};

/** A fault with what is drawn for it: `pick` from 0 to 1 chooses among what is there when it strikes. */
export type PlannedFault = {
  kind: FaultKind;
  /** Pause since the fault before it (s). */
  gapSec: number;
  service: string;
  pick: number;
  /** How long it stays down (s): stop, broker. */
  forSec: number;
};

/** A fault that was done. Times in ms since 1970. */
export type Fault = {
  kind: FaultKind;
  /** `invoicer.2`, `broker 1`, `payments/0@1234` */
  target: string;
  at: number;
  /** When it was over: the process runs again, the broker answers. */
  until: number;
  /** What was seen of it. */
  detail: string;
};

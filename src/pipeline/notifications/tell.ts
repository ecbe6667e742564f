/** Whether telling a customer succeeds: pure, so that the same delivery of the same decision has the same outcome in every run. */
import { hash } from 'node:crypto';
import type { Acknowledgement } from '../../kafka/bridge/bridge-share-consumer.ts';

export type TellFaults = {
  /** Share of deliveries that fail and are tried again (0 to 1). */
  failRate: number;
  /** Share of decisions that can never be told (0 to 1). */
  rejectRate: number;
  seed: string;
};

/**
 * @param eventId of the decision
 * @param deliveryCount how often it was delivered, 1 at first: a passing failure is drawn anew each time
 * @param faults injected failures
 */
export function outcomeOf(eventId: string, deliveryCount: number, { failRate, rejectRate, seed }: TellFaults): Acknowledgement {
  if (isDrawn(`${seed}\0final\0${eventId}`, rejectRate)) return 'reject';
  return isDrawn(`${seed}\0passing\0${deliveryCount}\0${eventId}`, failRate) ? 'release' : 'accept';
}

/** A hash, never chance: its first 32 bits as a fraction of 1, against the rate. */
function isDrawn(text: string, rate: number): boolean {
  if (rate === 0 || rate === 1) return rate === 1;
  return Number.parseInt(hash('sha1', text, 'hex').slice(0, 8), 16) / 2 ** 32 < rate;
}

/** The headers that every record carries: CloudEvents 1.0 binary content mode (Kafka protocol binding, section 3.2). */
import { traceparentHeader } from '../../kafka/record/headers.ts';

export type EventSource = `/replayground/${'order' | 'inventory' | 'notification'}-service`;

/** A header; `HeaderPair` of what may come in, without the null. */
type Pair = readonly [name: string, value: string | Buffer];

const contentType: Pair = ['content-type', 'application/json'];
const specVersion: Pair = ['ce_specversion', '1.0'];

/**
 * @param event id, type and time of the event
 * @param source who wrote it
 * @param traceparent W3C trace context, where a trace is on
 * @returns names and values, in their order
 */
export function cloudEventPairs(
  event: { eventId: string; eventType: string; createdAt: string },
  source: EventSource,
  traceparent?: string | Buffer,
): Pair[] {
  const pairs: Pair[] = [
    contentType,
    specVersion,
    ['ce_id', event.eventId],
    ['ce_type', event.eventType],
    ['ce_source', source],
    ['ce_time', event.createdAt],
  ];
  if (traceparent !== undefined) pairs.push([traceparentHeader, traceparent]);
  return pairs;
}

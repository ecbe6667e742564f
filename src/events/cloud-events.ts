/** The headers that every record carries: CloudEvents 1.0 binary content mode (Kafka protocol binding, section 3.2). */
import type { MessageHeader } from '@confluentinc/kafka-javascript/types/rdkafka.js';

export type EventSource = '/replayground/order-service' | '/replayground/inventory-service';

/** Name of the W3C trace context header. */
export const traceparentHeader = 'traceparent';

const contentType = { 'content-type': 'application/json' };
const specVersion = { ce_specversion: '1.0' };

/**
 * @param event id, type and time of the event
 * @param source who wrote it
 * @param traceparent W3C trace context, where a trace is on
 * @returns headers in the form the client takes
 */
export function cloudEventHeaders(
  event: { eventId: string; eventType: string; createdAt: string },
  source: EventSource,
  traceparent?: string | Buffer,
): MessageHeader[] {
  const headers: MessageHeader[] = [
    contentType,
    specVersion,
    { ce_id: event.eventId },
    { ce_type: event.eventType },
    { ce_source: source },
    { ce_time: event.createdAt },
  ];
  if (traceparent !== undefined) headers.push({ [traceparentHeader]: traceparent });
  return headers;
}

/** @returns the value of the first header of that name, or undefined */
export function headerValue(headers: MessageHeader[] | undefined, name: string): string | Buffer | undefined {
  return headers?.find((header) => name in header)?.[name];
}

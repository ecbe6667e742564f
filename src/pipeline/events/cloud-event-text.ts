/** CloudEvents headers as one ASCII text, in the layout by which headers cross the bridge: one write instead of twelve. Pure. */
import { traceparentHeader } from '../../kafka/record/headers.ts';
import { cloudEventPairs, type EventSource } from './cloud-events.ts';

/** Lengths as the bridge reads them (int32, little-endian; native/src/arena.h), as text: ASCII up to 127. */
const lengths = Array.from({ length: 128 }, (_, length) => String.fromCharCode(length, 0, 0, 0));
const framed = (text: string): string => lengths[text.length] + text;

/** Stand-ins, to find the places of what differs. */
const [anId, aTime] = ['<id>', '2026-01-01T00:00:00.000Z'];

/**
 * @param eventType of the events
 * @param source who writes them
 * @returns gives the text for an event's id, which is ASCII and at most 127 long, its time (UTC with milliseconds), and the traceparent
 *   where a trace is on
 */
export function cloudEventText(
  eventType: string,
  source: EventSource,
): (eventId: string, createdAt: string, traceparent?: string | undefined) => string {
  const pairs = cloudEventPairs({ eventId: anId, eventType, createdAt: aTime }, source);
  const text = lengths[pairs.length] + pairs.map(([name, value]) => framed(name) + framed(String(value))).join('');
  const before = text.slice(0, text.indexOf(framed(anId)));
  const between = text.slice(before.length + framed(anId).length, -aTime.length);
  // The same with one header more.
  const beforeTraced = lengths[pairs.length + 1] + before.slice(String(lengths[pairs.length]).length);
  const name = framed(traceparentHeader);
  return (eventId, createdAt, traceparent) =>
    traceparent === undefined
      ? before + framed(eventId) + between + createdAt
      : beforeTraced + framed(eventId) + between + createdAt + name + framed(traceparent);
}

/** The lab's events as server-sent events: first the kept ones that the reader has not seen, then each as it happens. */
import type { ServerResponse } from 'node:http';
import type { EventLog } from './event-log.ts';
import type { LabEvent } from './lab-state.ts';

/** Keeps proxies and laptops from closing a quiet stream (ms). */
const heartbeatMs = 15_000;
/** A reader that does not read is dropped; it comes back with the id of the last event it saw (bytes). */
const mostUnread = 1024 * 1024;

/** @param afterId the `Last-Event-ID` of a reader that comes back, else 0 */
export function sendEvents(response: ServerResponse, events: EventLog, afterId: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  const send = (event: LabEvent): void => {
    response.write(`id: ${event.id}\nevent: lab\ndata: ${JSON.stringify(event)}\n\n`);
    if (response.writableLength > mostUnread) response.destroy();
  };
  response.write(': the events of this lab\n\n');
  for (const event of events.after(afterId)) send(event);
  const stopListening = events.listen(send);
  const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs);
  response.once('close', () => {
    clearInterval(heartbeat);
    stopListening();
  });
}

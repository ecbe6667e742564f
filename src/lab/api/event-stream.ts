/** Server-sent events as they go over the wire: ids for resuming, a heartbeat, and no memory for a reader that does not read. */
import type { ServerResponse } from 'node:http';
import { plainAnswerHeaders } from '../../pipeline/service/security-headers.ts';
import type { EventLog } from '../supervisor/event-log.ts';
import type { LabEvent } from '../wire/lab-state.ts';

/** Keeps proxies and laptops from closing a quiet stream (ms). */
const heartbeatMs = 15_000;
/** A reader that does not read is dropped; it comes back with the id of the last event it saw (bytes). */
const mostUnread = 4 * 1024 * 1024;

export type EventStream = {
  /** @param id null for an event that cannot be resumed */
  send(id: string | number | null, name: string, data: unknown): void;
  /** Called once, when the reader has gone. */
  onClose(listener: () => void): void;
};

/** @param response not written to yet, and out of Fastify's hands */
export function openEventStream(response: ServerResponse): EventStream {
  // A proxy that gathers or compresses what it hands on would hold events back: nginx goes by the last one.
  const noBuffering = { 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' };
  response.writeHead(200, { 'content-type': 'text/event-stream', ...noBuffering, ...plainAnswerHeaders });
  response.write(': the events of this lab\n\n');
  const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs);
  response.once('close', () => clearInterval(heartbeat));
  return {
    send(id, name, data) {
      response.write(`${id === null ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
      if (response.writableLength > mostUnread) response.destroy();
    },
    onClose: (listener) => void response.once('close', listener),
  };
}

/** Sends the lab's events: first the kept ones after `afterId`, the `Last-Event-ID` of a reader that comes back, else 0. */
export function sendEvents(response: ServerResponse, events: EventLog, afterId: number): void {
  const stream = openEventStream(response);
  const send = (event: LabEvent): void => stream.send(event.id, 'lab', event);
  for (const event of events.after(afterId)) send(event);
  stream.onClose(events.listen(send));
}

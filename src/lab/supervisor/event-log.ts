/** What happened in the lab lately: the last events in memory, for the dashboard and whoever else listens. */
import type { LabEvent } from '../wire/lab-state.ts';

export type EventLog = {
  /** Adds an event, stamped now, and tells the listeners. */
  add(kind: LabEvent['kind'], service: string, text: string): LabEvent;
  /** @returns the kept events after the one with this id, oldest first */
  after(id: number): LabEvent[];
  /** @returns a function that ends the listening */
  listen(listener: (event: LabEvent) => void): () => void;
};

/** @param capacity events kept; older ones are forgotten */
export function createEventLog(capacity = 500): EventLog {
  const events: LabEvent[] = [];
  const listeners = new Set<(event: LabEvent) => void>();
  let lastId = 0;
  return {
    add(kind, service, text) {
      lastId += 1;
      const event: LabEvent = { id: lastId, at: new Date().toISOString(), kind, service, text };
      events.push(event);
      if (events.length > capacity) events.shift();
      for (const listener of listeners) listener(event);
      return event;
    },
    after: (id) => events.filter((event) => event.id > id),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

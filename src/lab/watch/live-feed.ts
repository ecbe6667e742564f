/** What happens, as numbered events: the last ones are kept, so that a page that was away for a while misses nothing. */
import { randomBytes } from 'node:crypto';
import type { LiveEventName, LiveEvents } from '../wire/all.ts';

/** Events of which each counts; of the others only the latest does. */
type Resumable = 'sample' | 'mark' | 'layout';

export type FeedEvent<N extends LiveEventName = LiveEventName> = { id: string | null; name: N; data: LiveEvents[N] };
type Listener = (event: FeedEvent) => void;

/** Five minutes of samples and what comes with them. */
const kept = 600;

export class LiveFeed {
  /** Tells the events of this lab from those of the one that ran before it. */
  readonly #boot = randomBytes(4).toString('hex');
  readonly #listeners = new Set<Listener>();
  #events: { number: number; event: FeedEvent }[] = [];
  #lastNumber = 0;
  readonly #tape: Listener;
  /** By name, and by process where it is about one. */
  readonly #latest = new Map<string, FeedEvent>();

  /** @param tape is told of everything; it is nobody who listens */
  constructor(tape: Listener = () => {}) {
    this.#tape = tape;
  }

  get lastEventId(): string {
    return `${this.#boot}-${this.#lastNumber}`;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Sends an event that can be resumed. */
  send<N extends Resumable>(name: N, data: LiveEvents[N]): void {
    this.#lastNumber += 1;
    const event: FeedEvent = { id: this.lastEventId, name, data };
    this.#events.push({ number: this.#lastNumber, event });
    if (this.#events.length > kept) this.#events.shift();
    this.#tell(event);
  }

  /** Sends what is true now; only the latest is kept, of each `key`. */
  sendLatest<N extends Exclude<LiveEventName, Resumable | 'hello' | 'reset'>>(name: N, data: LiveEvents[N], key: string = name): void {
    const event: FeedEvent = { id: null, name, data };
    this.#latest.set(key, event);
    this.#tell(event);
  }

  /**
   * @param lastEventId of a reader that comes back; undefined for one that is new
   * @returns what it has to be told first, in order
   */
  greeting(lastEventId: string | undefined): FeedEvent[] {
    const hello: FeedEvent = { id: null, name: 'hello', data: { lastEventId: this.lastEventId } };
    const latest = [...this.#latest.values()];
    if (lastEventId === undefined) return [hello, ...latest];
    const missed = this.#after(lastEventId);
    if (typeof missed !== 'string') return [hello, ...missed, ...latest];
    return [hello, { id: this.lastEventId, name: 'reset', data: { why: missed } }, ...latest];
  }

  /** @returns a function that ends the listening */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(event: FeedEvent): void {
    this.#tape(event);
    for (const listener of this.#listeners) listener(event);
  }

  /** @returns the events after that one, or why they are not to be had */
  #after(lastEventId: string): FeedEvent[] | string {
    const [, boot, digits] = /^([0-9a-f]+)-(\d+)$/.exec(lastEventId) ?? [];
    const number = Number(digits);
    if (boot !== this.#boot || number > this.#lastNumber) return 'these are the events of another lab';
    const first = this.#events[0]?.number ?? this.#lastNumber + 1;
    if (number + 1 < first) return 'too much was missed';
    return this.#events.filter((one) => one.number > number).map(({ event }) => event);
  }
}

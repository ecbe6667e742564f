/** Which words of the Kafka clients are a trouble that lasts, when it is said, and when it is over. Pure. */
import { allBrokersDown, type ClientWord, warningLevel } from './client-words.ts';

/** What is to be said: a trouble that lasts, that it has another cause now, or that it is over. */
export type Said = { kind: 'lasts' | 'changed' | 'over'; text: string; sinceMs: number; isOutage: boolean };

/** So long a trouble must have been told of (ms): what a client gets over by itself is sooner over. */
export const lastingMs = 5000;
/** After so long without a word it is over (ms): librdkafka tells of the same error of a broker every 30 s at most. */
export const quietMs = 40_000;
export const outageQuietMs = 5000;

type Trouble = { text: string; firstMs: number; lastMs: number; isOutage: boolean; said: Set<string> };

/** All clients of a process together: they have the same trouble at the same time. */
export class ClientTroubles {
  readonly #single = new Map<string, Trouble>();
  #outage: Trouble | undefined;
  /** What a client said last of a connection: why nobody can be reached. */
  #cause = '';

  /** @returns what is to be said now */
  hear(word: ClientWord, nowMs: number): Said[] {
    const said = this.look(nowMs);
    if (word.level > warningLevel) return said;
    if (word.code === allBrokersDown) {
      // What came just before is its cause, not another trouble.
      if (!this.#outage) this.#forgetUnsaid();
      this.#outage ??= begin(nowMs, true);
      return [...said, ...tell(this.#outage, `no broker can be reached${this.#cause && ': '}${this.#cause}`, reasonOf(this.#cause), nowMs)];
    }
    const text = plain(word.text);
    if (word.facility === 'FAIL' || word.code !== 0) this.#cause = text;
    // While nobody can be reached all else follows from that.
    if (this.#outage) return said;
    const key = keyOf(text);
    const trouble = this.#single.get(key) ?? begin(nowMs, false);
    this.#single.set(key, trouble);
    return [...said, ...tell(trouble, text, key, nowMs)];
  }

  /** @returns what is over by now */
  look(nowMs: number): Said[] {
    const over: Said[] = [];
    if (this.#outage && nowMs - this.#outage.lastMs > outageQuietMs) {
      over.push(...end(this.#outage));
      this.#outage = undefined;
    }
    for (const [key, trouble] of this.#single) {
      if (nowMs - trouble.lastMs <= quietMs) continue;
      over.push(...end(trouble));
      this.#single.delete(key);
    }
    return over;
  }

  #forgetUnsaid(): void {
    for (const [key, { said }] of this.#single) if (said.size === 0) this.#single.delete(key);
  }
}

const begin = (nowMs: number, isOutage: boolean): Trouble => ({ text: '', firstMs: nowMs, lastMs: nowMs, isOutage, said: new Set() });

/** Each cause once, however often the client goes from one to the other and back. */
function tell(trouble: Trouble, text: string, cause: string, nowMs: number): Said[] {
  trouble.lastMs = nowMs;
  trouble.text = text;
  if (nowMs - trouble.firstMs < lastingMs || trouble.said.has(cause)) return [];
  const kind = trouble.said.size === 0 ? 'lasts' : 'changed';
  trouble.said.add(cause);
  return [asSaid(kind, trouble)];
}

const end = (trouble: Trouble): Said[] => (trouble.said.size === 0 ? [] : [asSaid('over', trouble)]);

const asSaid = (kind: Said['kind'], { text, firstMs, isOutage }: Trouble): Said => ({ kind, text, sinceMs: firstMs, isOutage });

/** @returns the text without its thread, and without how long and how often */
const plain = (text: string): string =>
  text
    .replace(/^\[thrd:[^\]]*\]:? */, '')
    .replace(/ \(after \d+ms in state \w+(?:, \d+ identical error\(s\) suppressed)?\)/, '')
    .trim();

/** A broker has several names: as it was given, with its id, as the coordinator of a group. */
const broker = /^(?:\w+: )?(?:\w+:\/\/)?([^\s/]+:\d+)(?:\/\w+)?: (.*)$/s;

/** What is wrong, whichever address of the broker was tried, and whatever the numbers. */
function reasonOf(text: string): string {
  const [, , reason = text] = broker.exec(text) ?? [];
  return reason.replace(/\bipv[46]#\S+/g, 'it').replace(/\d+/g, '#');
}

const keyOf = (text: string): string => `${broker.exec(text)?.[1] ?? ''} ${reasonOf(text)}`;

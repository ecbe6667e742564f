/** Keeps the answers that somebody got who looked closer, the newest of each question, in bounded memory. */
import type { Look } from '../wire/recording.ts';

const mostBytes = 4_000_000;
const looks = /^\/api\/(topics(\/configs|\/[^/]+\/records)?|dead-letters|groups\/[^/]+|logs\/[^/]+)$/;

type Kept = { atMs: number; text: string };

export class LookBook {
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  /**
   * @param url path and query of a question
   * @param others paths that are looked at in one system alone
   * @returns whether its answer belongs into a recording
   */
  static isLook(url: string, others?: RegExp): boolean {
    const path = url.split('?', 1)[0] ?? '';
    return looks.test(path) || others?.test(path) === true;
  }

  /** @param url path and query @param text the answer, JSON */
  keep(url: string, text: string, atMs = Date.now()): void {
    this.#forget(url);
    this.#kept.set(url, { atMs, text });
    this.#bytes += text.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= mostBytes) break;
      this.#forget(oldest);
    }
  }

  /** @returns what was looked at since then, the oldest first */
  since(fromMs: number): Look[] {
    return [...this.#kept].flatMap(([path, { atMs, text }]) => (atMs >= fromMs ? [{ path, atMs, body: JSON.parse(text) }] : []));
  }

  #forget(url: string): void {
    this.#bytes -= this.#kept.get(url)?.text.length ?? 0;
    this.#kept.delete(url);
  }
}

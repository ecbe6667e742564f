/** The lines that a command writes, for as long as somebody wants them: it is started with the first, and again when it has ended. */
import { execa } from 'execa';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import { withoutSettings } from '../../../pipeline/settings/without-settings.ts';
import { programIn } from './process-group.ts';
import { systemPath } from './toolchain.ts';

/** So many are kept: what was sent lately may be sent once more. */
const kept = 5000;

export class CommandLines implements Disposable {
  readonly #command: readonly string[];
  readonly #folder: string;
  readonly #lines = new Map<number, string>();
  readonly #over = new AbortController();
  #source: AsyncGenerator<string> | undefined;
  /** Number of the next line. */
  #next: number | undefined;

  /** @param folder that it is started in, and that a path in its name is of */
  constructor(command: readonly string[], folder: string) {
    this.#command = command;
    this.#folder = folder;
  }

  /**
   * Not twice at the same time.
   * @param numbers of those that are wanted; the first that was ever asked for gets the first line
   * @throws ReplaygroundError `load-failed`: it ended without a line
   */
  async reach(numbers: readonly number[]): Promise<void> {
    this.#source ??= this.#read();
    this.#next ??= Math.min(...numbers);
    const last = Math.max(...numbers);
    while (this.#next <= last && !this.#over.signal.aborted) {
      const { value, done } = await this.#source.next();
      if (done) return;
      this.#lines.set(this.#next, value);
      this.#lines.delete(this.#next - kept);
      this.#next += 1;
    }
  }

  /** @returns the line of a number that was reached; of one before all that are kept, the oldest of these */
  at(number: number): string {
    return this.#lines.get(number) ?? this.#lines.values().next().value ?? '';
  }

  [Symbol.dispose](): void {
    this.#over.abort();
  }

  async *#read(): AsyncGenerator<string> {
    const [program = '', ...args] = this.#command;
    while (!this.#over.signal.aborted) {
      const child = execa(programIn(this.#folder, program), args, {
        cwd: this.#folder,
        env: { ...withoutSettings(process.env), PATH: systemPath() },
        extendEnv: false,
        buffer: { stdout: false },
        stdin: 'ignore',
        reject: false,
        cancelSignal: this.#over.signal,
        forceKillAfterDelay: 1000,
      });
      let count = 0;
      for await (const line of child.iterable({ from: 'stdout', preserveNewlines: false })) {
        if (line.trim() === '') continue;
        count += 1;
        yield line;
      }
      const { exitCode, stderr, shortMessage } = await child;
      if (count > 0 || this.#over.signal.aborted) continue;
      const said = stderr.trim().split('\n').at(-1) || shortMessage || 'it wrote nothing';
      throw new ReplaygroundError(
        'load-failed',
        `load: ${this.#command.join(' ')} ended without a line (exit code ${exitCode ?? 'none'}): ${said}`,
      );
    }
  }
}

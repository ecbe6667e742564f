/** Runs a service as the lab does: whatever ends without being told to is started again. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Pipeline, type ServiceFolder, ServiceProcess } from '../../support/service-process.ts';

const againAfterMs = 200;

export class KeptAlive implements AsyncDisposable {
  /** The life that runs now, or ended a moment ago. */
  current: ServiceProcess;
  lives = 1;
  readonly #start: () => Promise<ServiceProcess>;
  readonly #running: Promise<void>;
  #wanted = true;

  private constructor(first: ServiceProcess, start: () => Promise<ServiceProcess>) {
    this.current = first;
    this.#start = start;
    this.#running = this.#run();
  }

  static async start(folder: ServiceFolder, pipeline: Pipeline, instance = 1): Promise<KeptAlive> {
    const start = () => ServiceProcess.start(folder, pipeline, instance);
    return new KeptAlive(await start(), start);
  }

  /** Asks the life that runs now. */
  get<T>(path: string): Promise<T> {
    return this.current.get<T>(path);
  }

  post(path: string): Promise<Response> {
    return this.current.post(path);
  }

  /** Ends it for good. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.#wanted = false;
    this.current.child.kill('SIGCONT');
    await this.current.kill(signal);
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#wanted) await this.stop('SIGKILL');
  }

  async #run(): Promise<void> {
    while (this.#wanted) {
      await this.current.exited;
      await delay(againAfterMs);
      if (!this.#wanted) return;
      // One that does not come up is told by the test that waits for it.
      await this.#start().then(
        (next) => {
          this.current = next;
          this.lives += 1;
          if (!this.#wanted) next.child.kill('SIGKILL');
        },
        () => {},
      );
    }
  }
}

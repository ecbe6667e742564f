/** What the lab can run: a service or the broker, behind one shape. */

export type Exit = { code: number | null; signal: string | null };

/** One run of a program. */
export type Run = {
  pid: number;
  /** Settles when it serves, with its port; rejects when it ended before. */
  ready: Promise<{ port: number | null }>;
  /** Settles when the process is gone, however it went. */
  exited: Promise<Exit>;
  /** Asks it to end, and makes it end when it does not. */
  stop(): Promise<void>;
  /** SIGKILL, as a crash. */
  kill(): void;
};

export type Program = {
  /** `invoicer.2` */
  name: string;
  service: string;
  /** @throws when it cannot even be started */
  start(signal: AbortSignal): Promise<Run>;
  /** @returns what is wrong with a run that serves, or `null` when it is healthy */
  check(port: number | null): Promise<string | null>;
  /** What an exit that nobody asked for means; by default what it means of our own services. */
  afterExit?(exit: Exit): AfterExit;
};

export type AfterExit = 'asked to stop' | 'start again' | 'cannot start';

/** @returns `exit code 1`, `killed by SIGKILL` */
export const describeExit = ({ code, signal }: Exit): string => (signal ? `killed by ${signal}` : `exit code ${code}`);

/** What an exit of one of our own services means that nobody asked for. */
export function afterOwnExit({ code }: Exit): AfterExit {
  if (code === 0) return 'asked to stop';
  // A bad setting: its environment is the same at the next start.
  return code === 2 ? 'cannot start' : 'start again';
}

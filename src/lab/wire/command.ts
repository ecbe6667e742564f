/** Words that all of the API shares. */

/** What does the same in a terminal; `kafka` where one of Kafka's own tools can do it, as the lab runs them: `./lab kafka consumer-groups ...`. */
export type Command = { lab: string; kafka: string | null };

/** What a command has to say so that it means this lab. */
export type Terminal = {
  /** LAB_HOME, where it is not `.lab` in the project. */
  labHome: string | null;
  /** `host:port[,host:port]`; null until the lab's own broker is up. */
  brokers: string | null;
  /** Whether the lab runs from the package that npm installs. */
  isPackaged?: boolean;
};

export type RuntimeValues = {
  throttleMs: number;
  failRate: number | null;
  /** Of who can reject only. */
  rejectRate?: number;
  paused: boolean;
};

/** What somebody set while it runs; delivery and crash are for lessons, by `./lab set`. */
export type SetValues = Partial<RuntimeValues> & { delivery?: string; crash?: string };

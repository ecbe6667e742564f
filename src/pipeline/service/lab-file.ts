/** `LAB_HOME/lab.json`: how the CLI finds the lab that runs in a home, and the token that lets it change things. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sync as writeFileAtomic } from 'write-file-atomic';
import type { Settings, TopicGroupNames } from '../settings/declarations.ts';

export type LabFile = {
  labId: string;
  pid: number;
  /** Address of the control API, `http://127.0.0.1:8080`. */
  url: string;
  /** Real ports, also where a setting said 0. */
  ports: { lab: number; orders: number; analytics: number; kafka: number | null };
  /** `host:port[,host:port]`; `null` until the lab's own broker is up. */
  brokers: string | null;
  /** As the lab's own environment names them: a verb in another terminal means the same ones. */
  names: TopicGroupNames;
  /** All that its environment says, defaults included, without secrets: what a verb is given can be compared with it. */
  settings: Partial<Settings>;
  token: string;
  startedAt: string;
};

const pathOf = (home: string): string => join(home, 'lab.json');

/** Writes the file whole or not at all; only its owner can read it, since it holds the token. */
export function writeLabFile(home: string, file: LabFile): void {
  writeFileAtomic(pathOf(home), `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
}

/** @returns what a lab wrote there, running or not; `undefined` when there is none that can be read */
export function readLabFile(home: string): LabFile | undefined {
  if (!existsSync(pathOf(home))) return undefined;
  try {
    return JSON.parse(readFileSync(pathOf(home), 'utf8')) as LabFile;
  } catch {
    return undefined;
  }
}

/** Removes the file; nothing happens when it is gone already. */
export const removeLabFile = (home: string): void => rmSync(pathOf(home), { force: true });

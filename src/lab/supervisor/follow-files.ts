/** `tail -F` for several files: also those that appear later, and those that are rotated meanwhile. */
import { open, stat } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 200;
const chunkBytes = 256 * 1024;

type Followed = { position: number; inode: number | undefined; decoder: StringDecoder; rest: string };

/**
 * @param files asked again and again, for files that appear
 * @param ends where to begin, by name; a file that appears later is read from its beginning
 * @param onLine gets each whole line
 * @param signal ends it
 */
export async function followFiles(
  files: () => { name: string; file: string }[],
  ends: ReadonlyMap<string, number>,
  onLine: (name: string, line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const followed = new Map<string, Followed>();
  while (!signal.aborted) {
    for (const { name, file } of files()) {
      const state = followed.get(name) ?? { position: ends.get(name) ?? 0, inode: undefined, decoder: new StringDecoder(), rest: '' };
      followed.set(name, state);
      for (const line of await newLines(file, state)) onLine(name, line);
    }
    await delay(pollMs, undefined, { signal }).catch(() => {});
  }
}

async function newLines(file: string, state: Followed): Promise<string[]> {
  const found = await stat(file).catch(() => undefined);
  if (!found) return [];
  const rotated = found.size < state.position || (state.inode !== undefined && state.inode !== found.ino);
  state.inode = found.ino;
  if (rotated) state.position = 0;
  if (found.size === state.position) return [];
  await using handle = await open(file);
  const length = Math.min(chunkBytes, found.size - state.position);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, state.position);
  state.position += bytesRead;
  const lines = `${state.rest}${state.decoder.write(buffer.subarray(0, bytesRead))}`.split('\n');
  state.rest = lines.pop() ?? '';
  return lines;
}

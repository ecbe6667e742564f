/** Gives each test file a folder of its own that is gone afterwards. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A start of a name with what Java's properties, lists and patterns read otherwise. */
export const specialName = `replayground bröker,a;b:c=d#e!f\\g\${h}%i-`;

/**
 * @param name start of the folder's name
 * @returns a new folder, gone when the scope ends
 */
export async function tempHome(name = 'replayground bröker-'): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), name));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

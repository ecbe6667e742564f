/** Compresses the built files once, so that no answer has to: each gets a neighbour `.br` and `.gz`, which the server picks from. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';

export const compressedEndings = ['.br', '.gz'];

const compressible = /\.(js|css|svg)$/;
/** Smaller ones fit in one packet anyhow (bytes). */
const leastBytes = 1400;

/** @param folder with the files; it is not searched deeper */
export async function compressFiles(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => compressible.test(name));
  await Promise.all(names.map((name) => compressFile(join(folder, name))));
}

async function compressFile(path: string): Promise<void> {
  const bytes = await readFile(path);
  if (bytes.length < leastBytes) return;
  const [br, gz] = await Promise.all([promisify(brotliCompress)(bytes), promisify(gzip)(bytes, { level: 9 })]);
  await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)]);
}

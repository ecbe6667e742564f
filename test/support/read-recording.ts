/** What is in the file of a recording, as the page that it carries unpacks it. */
import { readFileSync } from 'node:fs';
import { type Unpacked, unpack } from '../../dashboard/src/lib/playback.ts';

/** @param path of the HTML file */
export const readRecording = (path: string): Promise<Unpacked> => unpackText(readFileSync(path, 'utf8'));

/** @param text of the HTML file */
export async function unpackText(text: string): Promise<Unpacked> {
  const [, data = ''] = /<script type="application\/json" id="recording">(.*?)<\/script>/s.exec(text) ?? [];
  return await unpack(JSON.parse(data));
}

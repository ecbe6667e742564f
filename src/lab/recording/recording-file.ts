/** A recording as the file that plays it: the page itself with the recording in it. */
import { gzipSync } from 'node:zlib';
import { version } from '../../pipeline/settings/version.ts';
import { recordingMark } from '../page/inline-page.ts';
import type { Look, Recording, RecordingFacts } from '../wire/recording.ts';

/**
 * @param more what the file says of its run, beside what made it
 * @returns what stands in it in plain sight, made now
 */
export const recordingFacts = (
  of: Omit<RecordingFacts, 'format' | 'madeAt' | 'about'>,
  more: RecordingFacts['about'] = [],
): RecordingFacts => ({
  ...of,
  format: 1,
  madeAt: new Date().toISOString(),
  about: [
    { name: 'Replayground', value: version },
    { name: 'Node', value: process.version },
    { name: 'Machine', value: `${process.platform} ${process.arch}` },
    ...more,
  ],
});

/**
 * @param page the page as one file, with the mark in it
 * @param facts told in plain sight
 * @param blocks what a `Tape` gives
 * @returns a document that needs nothing else
 */
export function recordingFile(page: string, facts: RecordingFacts, blocks: string[], looks: readonly Look[]): string {
  const recording: Recording = { ...facts, blocks, looks: gzipSync(JSON.stringify(looks)).toString('base64') };
  // Within an element of data nothing but its end can be mistaken for markup.
  const data = JSON.stringify(recording).replaceAll('<', '\\u003c');
  return page.replace(recordingMark, () => `<script type="application/json" id="recording">${data}</script>`);
}

/** @returns `replayground-invoices-2026-11-20T20-30-00.html`: sorts by its time, fit for every file system */
export const recordingName = ({ system, toMs }: Pick<RecordingFacts, 'system' | 'toMs'>): string =>
  `replayground-${system.name}-${new Date(toMs).toISOString().slice(0, 19).replaceAll(':', '-')}.html`;

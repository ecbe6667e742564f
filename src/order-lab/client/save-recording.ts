/** Puts the recording of a lab beside a report; a report without one is still a report. */
import { join } from 'node:path';
import { sync as writeFileAtomic } from 'write-file-atomic';
import { recordingFileName } from '../../lab/report/recording-link.ts';
import type { LabFile } from '../../pipeline/service/lab-file.ts';
import { fetchRecording } from './recording-client.ts';

/** So that the curves begin at rest (ms). */
const beforeMs = 5000;

/**
 * @param lab that still runs
 * @param run `startMs`: ms since 1970
 * @param say gets a line where it cannot be had
 */
export async function saveRecording(
  lab: Pick<LabFile, 'url'>,
  { folder, name = recordingFileName, title, startMs }: { folder: string; name?: string; title: string; startMs: number },
  say: (line: string) => void,
): Promise<void> {
  try {
    const { html } = await fetchRecording(lab, { from: new Date(startMs - beforeMs).toISOString(), title });
    writeFileAtomic(join(folder, name), html);
  } catch (error) {
    say(`the run is not recorded: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Asks a running lab for what its page saw, as the file that plays it back. */
import { ReplaygroundError } from '../../kafka/errors.ts';
import type { LabFile } from '../../pipeline/service/lab-file.ts';

/** What is looked at once more and packed takes its time (ms). */
const withinMs = 60_000;

/**
 * @param lab that runs
 * @param wanted `minutes`, or `from` in RFC 3339; `title`
 * @returns the document, and how the lab would name it
 * @throws ReplaygroundError `lab-refused` with what the lab says, `lab-not-running`
 */
export async function fetchRecording(
  { url }: Pick<LabFile, 'url'>,
  wanted: Record<string, string>,
): Promise<{ name: string; html: string }> {
  const answer = await fetch(`${url}/api/recording?${new URLSearchParams(wanted)}`, { signal: AbortSignal.timeout(withinMs) }).catch(
    (cause) => {
      throw new ReplaygroundError('lab-not-running', `the lab at ${url} does not answer: see ./lab ps`, { cause });
    },
  );
  if (!answer.ok) {
    const { detail } = (await answer.json().catch(() => ({}))) as { detail?: string };
    throw new ReplaygroundError('lab-refused', detail ?? `the lab answered ${answer.status}`);
  }
  const [, name = 'replayground.html'] = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '') ?? [];
  return { name, html: await answer.text() };
}

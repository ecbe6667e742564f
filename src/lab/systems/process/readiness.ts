/** Whether processes are ready in the way that system.yaml names: a line that they write, an answer, membership, or time. */
import ms, { type StringValue } from 'ms';
import type { ServiceFile } from '../file/system-schema.ts';

export type Candidate = {
  name: string;
  /** Whether it runs. */
  runs: boolean;
  /** Whether it wrote the line that `ready: { log }` asks for. */
  logged: boolean;
  port: number | undefined;
  /** When it was started (ms since 1970). */
  sinceMs: number;
};

/** How many members a group has. */
export type MembersOf = (of: { group: string; isShare: boolean }) => Promise<number>;

const answerWithinMs = 2000;

/**
 * @param file their service
 * @param candidates all of its processes that should run
 * @param membersOf asked where membership counts, the default where there is a group
 * @returns what is waited for, for people; nothing when all are ready
 */
export async function waitsFor(
  { ready, group: consumerGroup, 'share-group': shareGroup }: Pick<ServiceFile, 'ready' | 'group' | 'share-group'>,
  candidates: readonly Candidate[],
  membersOf: MembersOf,
): Promise<string | undefined> {
  const notRunning = candidates.find(({ runs }) => !runs);
  if (notRunning) return `${notRunning.name} to run`;
  if (ready?.log !== undefined) return candidates.every(({ logged }) => logged) ? undefined : `a line that fits ${ready.log}`;
  if (ready?.http !== undefined) {
    const answers = await Promise.all(candidates.map(({ port }) => answersOk(`http://127.0.0.1:${port}${ready.http}`)));
    return answers.every(Boolean) ? undefined : `an answer on PORT, ${ready.http}`;
  }
  const group = consumerGroup ?? shareGroup;
  if (ready?.after === undefined && group !== undefined) {
    const members = await membersOf({ group, isShare: consumerGroup === undefined }).catch(() => 0);
    return members >= candidates.length ? undefined : `${candidates.length} members of group ${group} (it has ${members})`;
  }
  const afterMs = ms((ready?.after ?? '1s') as StringValue);
  return candidates.every(({ sinceMs }) => Date.now() - sinceMs >= afterMs) ? undefined : `${afterMs} ms to pass`;
}

/** @returns whether that address answers by 2xx */
export const answersOk = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(answerWithinMs) }).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );

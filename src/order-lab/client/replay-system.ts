/** The replay of a system of anybody's: it reads all again, and its digest is to be the same. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ReplaygroundError } from '../../kafka/errors.ts';
import type { ResetClients } from '../../kafka/offsets/reset.ts';
import { readingGroups } from '../../lab/supervisor/reading-groups.ts';
import { askedService } from '../../lab/systems/file/check-system.ts';
import { serviceFacts } from '../../lab/systems/file/describe-system.ts';
import type { System } from '../../lab/systems/file/read-system.ts';
import { atPointer } from '../../lab/systems/json-pointer.ts';
import { addressOf, jsonOf } from '../../lab/systems/process/ask-process.ts';
import type { LabClient } from './lab-client.ts';
import { readAgain } from './read-again.ts';

export type SystemReplayOptions = {
  lab: LabClient;
  kafka: ResetClients;
  system: System;
  labHome: string;
  /** What is being done, for people. */
  onStep: (text: string) => void;
  /** Called with the records that are left, several times a second. */
  onProgress: (left: number) => void;
};

/** `backup`: of the offsets; null where the service itself did it. */
export type SystemReplay = { identical: boolean; before: unknown; after: unknown; durationMs: number; backup: string | null };

const answerTimeoutMs = 30_000;
const pollMs = 200;
/** A service that replays by itself tells so within (ms). */
const replayTimeoutMs = 600_000;

/**
 * @returns the digest before and after
 * @throws ReplaygroundError `no-digest` where system.yaml names none, or nobody tells it; `replay-refused`; those of `readAgain`
 */
export async function replaySystem({ lab, system, labHome, ...options }: SystemReplayOptions): Promise<SystemReplay> {
  const { digest, replay } = system;
  if (!digest) {
    const text = `${system.name} has no digest to compare: its system.yaml may say digest: { url: /stats, pointer: /digest }`;
    throw new ReplaygroundError('no-digest', text);
  }
  const look = (): Promise<unknown> => settledDigest(lab, digest);
  if (replay) return await replayItself(lab, replay, look, options.onStep);
  const service = askedService(digest, system) as string;
  const groups = readingGroups({ services: serviceFacts(system) });
  const { group } = system.services[service] as { group: string };
  const { before, after, durationMs, backup } = await readAgain({
    ...options,
    lab,
    labHome,
    service,
    reader: groups.find((one) => one.group === group) ?? { group, topics: [] },
    upstream: groups.filter((one) => one.group !== group),
    look,
  });
  return { identical: isDeepStrictEqual(before, after), before, after, durationMs, backup };
}

type Asked = { url: string; service?: string };

/** Twice the same in a row: what is read may not be counted yet. */
async function settledDigest(lab: LabClient, { pointer, ...asked }: Asked & { pointer: string }): Promise<unknown> {
  const end = Date.now() + answerTimeoutMs;
  let last: unknown;
  for (;;) {
    const now = atPointer(await jsonOf(addressOf(asked, (await lab.state()).processes)), pointer);
    if (now !== undefined && now !== null && isDeepStrictEqual(now, last)) return now;
    last = now;
    if (Date.now() > end)
      throw new ReplaygroundError('no-digest', `${asked.url} tells no digest at ${pointer || 'its root'}, or another one each time`);
    await sleep(pollMs);
  }
}

async function replayItself(
  lab: LabClient,
  asked: Asked,
  look: () => Promise<unknown>,
  onStep: (text: string) => void,
): Promise<SystemReplay> {
  const before = await look();
  const url = addressOf(asked, (await lab.state()).processes);
  onStep(`asking for a replay: POST ${asked.url}`);
  const startedAt = performance.now();
  const answer = await fetch(url ?? '', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }).catch(
    () => undefined,
  );
  await answer?.body?.cancel();
  const location = answer?.headers.get('location');
  if (!answer?.ok || !location)
    throw new ReplaygroundError(
      'replay-refused',
      `POST ${asked.url} answered ${answer?.status ?? 'nothing'}${location ? '' : ' without a Location'}`,
    );
  const where = new URL(location, url).href;
  let identical: unknown;
  while (typeof identical !== 'boolean') {
    if (performance.now() - startedAt > replayTimeoutMs)
      throw new ReplaygroundError('replay-refused', `${location} has no "identical" after ${replayTimeoutMs / 60_000} minutes`);
    await sleep(pollMs);
    identical = atPointer(await jsonOf(where), '/identical');
  }
  const durationMs = performance.now() - startedAt;
  return { identical, before, after: await look(), durationMs, backup: null };
}

/** What is looked at when a run is saved, so that "Look inside" is not empty in the file: the questions that the page asks by itself. Pure. */
import type { SystemFacts } from '../wire/system-facts.ts';

/** @returns where the last lines of a log are asked for */
export const logPath = (name: string): string => `/api/logs/${encodeURIComponent(name)}?tail=200`;

/** @param processNames of the processes whose logs there are @returns paths of the API, with their query */
export function closingLooks({ topics, deadLetterTopics, folder }: SystemFacts, processNames: readonly string[]): string[] {
  const all = [...new Set([...topics, ...deadLetterTopics, ...(folder === null ? ['lab-settings'] : [])])];
  const letters =
    folder === null ? topics.filter((topic) => deadLetterTopics.some((one) => one.startsWith(`${topic}.`))) : deadLetterTopics;
  return [
    '/api/topics',
    '/api/topics/configs',
    ...all.map((topic) => `/api/topics/${encodeURIComponent(topic)}/records?limit=50`),
    ...letters.map((topic) => `/api/dead-letters?topic=${encodeURIComponent(topic)}&limit=100`),
    ...['lab', ...processNames].map(logPath),
  ];
}

/** What a commit's metadata says of it: of which logs it is. Offsets of a topic that was made anew since mean nothing in the new one. Pure. */

const prefix = 'replayground-logs:';
/** The client cuts the last character of what other clients wrote (1.10.1): this one may go. */
const end = ';';

/** @returns the metadata for commits of a service that goes by these topics */
export const commitMark = (topicIds: readonly string[]): string => `${prefix}${topicIds.join('+')}${end}`;

/**
 * @param metadata of a commit; undefined or empty where a tool made it, which is obeyed
 * @param mark of the topics as they are now, see `commitMark`
 * @returns whether the commit is about logs that are not these
 */
export function isOfOtherLogs(metadata: string | undefined, mark: string): boolean {
  return metadata?.startsWith(prefix) === true && metadata !== mark && metadata + end !== mark;
}

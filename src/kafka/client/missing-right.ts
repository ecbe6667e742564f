/** What a right that is missing is about, by Kafka's error codes. Pure. */

const resources: Record<number, string> = {
  29: 'this topic',
  30: 'this consumer group',
  31: 'the cluster',
  53: 'this transactional id (the name of the group and the number of the instance)',
};

/**
 * @param code an error code of Kafka
 * @returns what to add to the error's text: what the user may not use, and where the rights stand that are needed; empty for any other code
 */
export function missingRight(code: number | undefined): string {
  const resource = resources[code ?? 0];
  return resource === undefined
    ? ''
    : `: the user has no right to do this with ${resource}, docs/security.md lists the rights that are needed`;
}

/** The partition that Kafka's clients choose for a key: murmur2, as in Java's `Utils.murmur2` and librdkafka's `murmur2_random`. Pure. */

const [seed, m, r] = [0x9747b28c, 0x5bd1e995, 24];

function murmur2(data: Uint8Array): number {
  let hash = seed ^ data.length;
  const whole = data.length - (data.length % 4);
  for (let at = 0; at < whole; at += 4) {
    let k = byte(data, at) | (byte(data, at + 1) << 8) | (byte(data, at + 2) << 16) | (byte(data, at + 3) << 24);
    k = Math.imul(k, m);
    k ^= k >>> r;
    hash = Math.imul(hash, m) ^ Math.imul(k, m);
  }
  const rest = data.length % 4;
  if (rest === 3) hash ^= byte(data, whole + 2) << 16;
  if (rest >= 2) hash ^= byte(data, whole + 1) << 8;
  if (rest >= 1) hash = Math.imul(hash ^ byte(data, whole), m);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, m);
  return hash ^ (hash >>> 15);
}

const byte = (data: Uint8Array, at: number): number => data[at] ?? 0;

/**
 * @param key of a record
 * @param partitions of its topic
 * @returns the partition, from 0
 */
export const partitionOf = (key: Uint8Array, partitions: number): number => (murmur2(key) & 0x7fffffff) % partitions;

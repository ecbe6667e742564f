/** Order ids of which a share lies in one partition: skew on purpose. Each id still decides its partition, so an order that comes again meets itself. Pure. */
import { partitionOf } from '../../kafka/record/murmur2.ts';

/** Where the share goes. */
export const hotPartition = 0;

/**
 * @param share of the orders, 0 to 1, that lie in `hotPartition`; the others lie anywhere else
 * @param partitions of the topic
 * @returns from the run and the number of an order, from 1, to its id: with an ending where the plain one lies elsewhere
 */
export function hotIds(share: number, partitions: number): (runId: string, number: number) => string {
  return (runId, number) => {
    const plain = `${runId}-${number}`;
    if (partitions < 2) return plain;
    // Evenly mixed, not all of them first.
    const isHot = Math.floor(number * share) > Math.floor((number - 1) * share);
    for (let ending = 0; ; ending += 1) {
      const id = ending === 0 ? plain : `${plain}-${ending}`;
      if ((partitionOf(Buffer.from(id), partitions) === hotPartition) === isHot) return id;
    }
  };
}

/** What a member of a group does when partitions come and go, and is told of those that it owns. */
import type { DeletedUnread } from '../groups/deleted-unread.ts';
import type { Partition } from '../partition.ts';
import type { Unreadable } from '../stalls/unreadable.ts';
import type { Start } from './owned-partitions.ts';

export type GroupCallbacks = {
  /** Called before the first record of partitions that are new here, which is all of them in the classic protocol: make the state ready and
   *  say where to start, and what is not to be read yet; what is left out is not read at all. */
  onAssigned: (partitions: Partition[]) => Promise<Start[]>;
  /** Called before partitions are given up: finish what is under way. Records handed out later belong to the next assignment. Where single
   *  partitions move (KIP-848), `kept` are those that stay; in the classic protocol the next assignment says what comes. */
  onRevoked: (kept: readonly Partition[] | undefined) => Promise<void>;
  /** Told which partitions stand at a batch that cannot be opened, whenever that may have changed; the others go on. */
  onUnreadable?: ((unreadable: readonly Unreadable[]) => void) | undefined;
  /** Called before reading on behind records that were deleted unread. */
  onDeleted?: ((deletions: readonly DeletedUnread[]) => Promise<void>) | undefined;
};

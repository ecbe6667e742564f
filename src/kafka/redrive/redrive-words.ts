/** What a redrive came to, in one sentence: the same in the terminal and on the page. Pure, without imports of Node. */

export type RedriveCounts = {
  executed: boolean;
  sent: number;
  /** Of those that were sent back, as far as is known: taken by their reader, dead again, and still before it. */
  accepted: number;
  rejected: number;
  unread: number;
  parked: number;
  leftOut: number;
  failed: number;
};

/** @returns `2 sent back: 1 accepted, 1 rejected again`; for a plan that nothing was sent */
export function redriveText({ executed, sent, accepted, rejected, unread, parked, leftOut, failed }: RedriveCounts): string {
  if (!executed) return 'nothing was sent (dry run)';
  const became = some([
    [accepted, 'accepted'],
    [rejected, 'rejected again'],
    [unread, 'not read yet'],
  ]);
  const others = some([
    [parked, 'parked'],
    [leftOut, 'left out'],
    [failed, 'failed'],
  ]);
  return `${sent} sent back${became === '' ? '' : `: ${became}`}${others === '' ? '' : `; ${others}`}`;
}

const some = (counts: readonly (readonly [number, string])[]): string =>
  counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`)
    .join(', ');

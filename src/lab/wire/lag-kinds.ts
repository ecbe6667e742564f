/** The four lags of a partition, in words: see `fourLags`. */

export type LagKind = 'end' | 'stable' | 'fetched' | 'visible';

/** Each by the name that people see, and when it matters. */
export const lagKinds: { [kind in LagKind]: { name: string; header: string; when: string } } = {
  end: {
    name: 'Behind the end',
    header: 'END',
    when: 'High watermark less the committed offset, what every tool calls lag: how much work is left, and what retention may delete unread.',
  },
  stable: {
    name: 'Behind the last stable offset',
    header: 'STABLE',
    when: 'What readers of committed records can get now. Where it stays smaller than the lag to the end, a transaction is open, and no instance helps.',
  },
  fetched: {
    name: 'Behind what was fetched',
    header: 'FETCHED',
    when: 'Handed to the reader and not committed: read again if it dies now. Where that is all that is left, another instance finds nothing to do.',
  },
  visible: {
    name: 'Not visible yet',
    header: 'VISIBLE',
    when: 'Written, and not in the figures yet: how old what people see is, also where the group itself has read everything.',
  },
};

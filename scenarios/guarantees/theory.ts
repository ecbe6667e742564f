/** What each guarantee promises for a crash at each moment: the order of "write the decisions" and "commit the offsets" says it all. */
import type { CrashPoint, Delivery } from '../../src/kafka/exactly-once/delivery.ts';

type Expected = { lost: boolean; twice: boolean; why: string };

const costsNothing = (why: string): Expected => ({ lost: false, twice: false, why });
const loses = (why: string): Expected => ({ lost: true, twice: false, why });
const repeats = (why: string): Expected => ({ lost: false, twice: true, why });

export const theory: Record<Delivery, Record<CrashPoint, Expected>> = {
  'exactly-once': {
    'before-commit': costsNothing('decisions and offsets are in one open transaction: Kafka aborts it, the batch is read again'),
    'after-produce': costsNothing(
      'the decisions written are aborted with the transaction, and readers of committed records never see them',
    ),
    'after-commit': costsNothing('decisions and offsets are in the log together; the store beside Kafka is rebuilt from it'),
  },
  'at-least-once': {
    'before-commit': repeats('the decisions are in the log, the offsets are not: the batch is read and decided again'),
    'after-produce': repeats('the decisions are in the log, the offsets are not: the batch is read and decided again'),
    'after-commit': costsNothing('decisions first, then offsets: both are there'),
  },
  'at-most-once': {
    'before-commit': costsNothing('nothing is done yet: the batch is read again'),
    'after-commit': loses('the offsets are committed, the decisions are not written: nobody reads the batch again'),
    'after-produce': costsNothing('offsets first, then decisions: both are there'),
  },
};

/** What a verb with `--json` writes when it fails. */
import Type, { type Static } from 'typebox';

export const Failure = Type.Object({
  error: Type.Object({
    code: Type.String({ description: 'stable, in kebab-case: lab-not-running, kafka-unreachable, ledger-unbalanced, usage, ...' }),
    message: Type.String({ description: 'what is wrong and what to do about it, one line' }),
    retriable: Type.Boolean({ description: 'whether the same command may succeed later' }),
    exitCode: Type.Integer({ description: '1: a check or an operation failed; 2: wrong usage' }),
  }),
});
export type Failure = Static<typeof Failure>;

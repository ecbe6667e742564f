/** What is behind an error of a verb that Kafka did not answer: looked for once it has happened, since a look costs a connection. */
import { ReplaygroundError } from '../../kafka/errors.ts';

/** @returns the error, or the cause behind it with the way out */
export async function explainedHere(error: unknown): Promise<unknown> {
  if (!(error instanceof ReplaygroundError)) return error;
  try {
    const [{ explained }, { clientConfig }, { settingsInForce }, { readSettings }] = await Promise.all([
      import('../../kafka/access/explain-silence.ts'),
      import('../../kafka/client/client-config.ts'),
      import('../client/lab-client.ts'),
      import('../../pipeline/settings/read-settings.ts'),
    ]);
    return await explained(() => settingsInForce(readSettings()).then(({ settings }) => clientConfig(settings, 'lab-cli')), error);
  } catch {
    return error;
  }
}

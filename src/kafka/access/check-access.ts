/** Whether a secured Kafka lets this client in, said at once: the client itself would try a wrong password again and again, and then time out. */

import type { ClientConfig } from '../client/connect.ts';
import { ReplaygroundError } from '../errors.ts';
import { firstWords } from './first-words.ts';

/** A login is refused sooner; the call itself cannot be ended, and holds up the end of the process. */
const timeoutMs = 3000;
const refusals = /SASL authentication error|certificate verify failed|certificate could not be verified/;

/**
 * Connects once and lets go again. A Kafka that does not answer is no failure here: whoever needs it will say so.
 * @param config librdkafka's configuration, see `clientConfig`
 * @throws ReplaygroundError `kafka-refused`: no retry helps
 */
export async function checkAccess(config: ClientConfig): Promise<void> {
  if (config['security.protocol'] === 'plaintext') return;
  const why = await firstWords(
    config,
    (text) => (refusals.test(text) ? text : undefined),
    (client) => client.metadata(null, timeoutMs),
  );
  if (why !== undefined) throw new ReplaygroundError('kafka-refused', refusal(config, why));
}

/** The client's own text names the broker, the time and its settings: the reason is enough. */
function refusal(config: ClientConfig, why: string): string {
  const at = `Kafka at ${config['bootstrap.servers']}`;
  if (/certificate/i.test(why))
    return `${at} has a certificate that is not trusted here: KAFKA_SSL_CA must name the PEM file of the authority that signed it`;
  return `${at} refused the login of user ${config['sasl.username'] ?? '(none)'}: check KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD and KAFKA_SASL_MECHANISM`;
}

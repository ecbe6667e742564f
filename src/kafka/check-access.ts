/** Whether a secured Kafka lets this client in, said at once: the client itself would try a wrong password again and again, and then time out. */
import type { EventEmitter } from 'node:events';
import kafka from '@confluentinc/kafka-javascript';
import { ReplaygroundError } from '../errors.ts';
import { ask } from './ask.ts';
import type { ClientConfig } from './connect.ts';

/** A login is refused sooner; the call itself cannot be ended, and holds up the end of the process. */
const connectTimeoutMs = 3000;
const disconnectTimeoutMs = 5000;
/** Before it is connected the client tells its errors by its log alone (1.10.1): syslog's `error`. */
const logErrors = 3;
const refusals = /SASL authentication error|certificate verify failed|certificate could not be verified/;

/**
 * Connects once and lets go again. A Kafka that does not answer is no failure here: whoever needs it will say so.
 * @param config librdkafka's configuration, see `clientConfig`
 * @throws ReplaygroundError `kafka-refused`: no retry helps
 */
export async function checkAccess(config: ClientConfig): Promise<void> {
  if (config['security.protocol'] === 'plaintext') return;
  const client = new kafka.Producer({ ...config, log_level: logErrors } as never);
  const refused = Promise.withResolvers<string | undefined>();
  (client as EventEmitter).on('event.error', () => {});
  (client as EventEmitter).on('event.log', ({ message }: { message: string }) => {
    if (refusals.test(message)) refused.resolve(message);
  });
  const deadlineMs = connectTimeoutMs + disconnectTimeoutMs;
  const connected = ask('connect to Kafka', deadlineMs, (callback) => client.connect({ timeout: connectTimeoutMs }, callback))
    .catch(() => {})
    .then(() => ask('disconnect from Kafka', disconnectTimeoutMs, (callback) => client.disconnect(callback)))
    .catch(() => {});
  const why = await Promise.race([refused.promise, connected.then(() => undefined)]);
  if (why !== undefined) throw new ReplaygroundError('kafka-refused', refusal(config, why));
}

/** The client's own text names the broker, the time and its settings: the reason is enough. */
function refusal(config: ClientConfig, why: string): string {
  const at = `Kafka at ${config['bootstrap.servers']}`;
  if (/certificate/i.test(why))
    return `${at} has a certificate that is not trusted here: KAFKA_SSL_CA must name the PEM file of the authority that signed it`;
  return `${at} refused the login of user ${config['sasl.username'] ?? '(none)'}: check KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD and KAFKA_SASL_MECHANISM`;
}

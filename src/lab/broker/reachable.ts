/** Whether anybody listens where Kafka should be: Kafka's own tools answer with a stack trace, or for a minute with nothing. */
import { connect } from 'node:net';
import { ReplaygroundError } from '../../kafka/errors.ts';

const timeoutMs = 3000;

/**
 * @param brokers `host:port[,host:port]`
 * @throws ReplaygroundError `kafka-unreachable` with the cause where none of them can be reached
 */
export async function requireReachable(brokers: string): Promise<void> {
  const problems = await Promise.all(brokers.split(',').map((address) => problemOf(address.trim())));
  if (problems.includes(undefined)) return;
  throw new ReplaygroundError('kafka-unreachable', `no Kafka answers at ${brokers}: ${problems[0]}`, { retriable: true });
}

/** @returns why there is no connection; undefined where there is one */
function problemOf(address: string): Promise<string | undefined> {
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), timeout: timeoutMs });
    const end = (problem?: string): void => {
      socket.destroy();
      resolve(problem);
    };
    socket.once('connect', () => end());
    socket.once('timeout', () => end(`${address} does not answer within ${timeoutMs / 1000} s`));
    socket.once('error', ({ code, message }: NodeJS.ErrnoException) => end(causeOf(code, host, address) ?? message));
  });
}

function causeOf(code: string | undefined, host: string, address: string): string | undefined {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `this machine knows no ${host}: a name of Docker Compose holds in its containers alone, from outside it is 127.0.0.1`;
  }
  return code === 'ECONNREFUSED' ? `nobody listens at ${address}: is it running?` : undefined;
}

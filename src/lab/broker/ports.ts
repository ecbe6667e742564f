/** Ports for the broker: a free one where any will do, a clear refusal where the wanted one is taken. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import getPort, { portNumbers } from 'get-port';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { WITHOUT_EMBEDDED } from './find-java.ts';

/**
 * A free port below the range from which systems take the ports of outgoing connections, so that none of these takes it
 * in the two seconds until the broker listens.
 *
 * @param exclude ports that are spoken for
 */
export function freePort(exclude: readonly number[] = []): Promise<number> {
  const first = randomInt(10_000, 31_000);
  return getPort({ host: '127.0.0.1', port: portNumbers(first, first + 1000), exclude, reserve: true });
}

/**
 * @param port TCP port on 127.0.0.1
 * @throws ReplaygroundError `port-taken`, `port-forbidden`
 */
export async function requireFreePort(port: number): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: '127.0.0.1', port, exclusive: true }, resolve);
    });
  } catch (error) {
    throw portError(port, error as NodeJS.ErrnoException);
  }
  await new Promise((resolve) => server.close(resolve));
}

function portError(port: number, cause: NodeJS.ErrnoException): ReplaygroundError {
  if (cause.code !== 'EADDRINUSE') {
    return new ReplaygroundError(
      'port-forbidden',
      `Kafka cannot listen on port ${port} (${cause.code}): choose another with KAFKA_PORT=<port>`,
      { cause },
    );
  }
  return portTaken(port, cause);
}

/** @returns the error for a port on which somebody else listens */
export function portTaken(port: number, cause?: unknown): ReplaygroundError {
  const message = `port ${port} is taken by another program: choose another with KAFKA_PORT=<port> (0 for any free one), ${WITHOUT_EMBEDDED}`;
  return new ReplaygroundError('port-taken', message, { cause, retriable: true });
}

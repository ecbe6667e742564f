/** Addresses and ports of this machine, as a lab uses them. */
import { createServer } from 'node:net';
import { portOwner } from '../../pipeline/service/port-owner.ts';

/** @returns the address by which this machine reaches what listens on `host` */
export const reachable = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
};

/** @returns why nothing can listen there, or `undefined` when the port is free */
export async function portProblem(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  const failure = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once('error', resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
  if (!failure) return undefined;
  return failure.code === 'EADDRINUSE' ? `is taken by ${await portOwner(host, port)}` : `cannot be used (${failure.code})`;
}

/** Runs the embedded Kafka under the same supervision as the services: same port and same data at every start. */
import { connect } from 'node:net';
import { join } from 'node:path';
import { startBroker } from '../broker/start.ts';
import { brokerName } from './instance-name.ts';
import type { Program, Run } from './program.ts';

export type BrokerProgramOptions = {
  labHome: string;
  labId: string;
  /** Asked for at each start: it is settled after the program is made. */
  port: () => number;
  onProgress: (line: string) => void;
};

/** Folder of the broker's data, configuration and log. */
export const brokerHome = (labHome: string): string => join(labHome, 'kafka');

/** @returns the program; its start settles when the broker takes requests */
export function brokerProgram({ labHome, labId, port, onProgress }: BrokerProgramOptions): Program {
  return {
    name: brokerName,
    service: brokerName,
    async start(signal) {
      const broker = await startBroker({ home: brokerHome(labHome), port: port(), labId, onProgress, signal });
      return {
        pid: broker.pid,
        ready: Promise.resolve({ port: broker.port }),
        exited: broker.exited,
        stop: () => broker.stop(),
        kill: () => broker.kill(),
      } satisfies Run;
    },
    check: async (real) => (real !== null && (await answers(real)) ? null : `port ${real} does not answer`),
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 2000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

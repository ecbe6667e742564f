/** The processes of one lab as a whole: which run, how many of each, in which order they start and stop. */
import { ReplaygroundError } from '../../kafka/errors.ts';
import type { ProcessView } from '../wire/lab-state.ts';
import type { EventLog } from './event-log.ts';
import { brokerName, instanceName } from './instance-name.ts';
import { type ManagedProcess, manageProcess } from './managed-process.ts';
import type { Program } from './program.ts';
import { checkScale, parseTarget, type Services } from './service-target.ts';

export type SupervisorOptions = {
  /** `undefined`: Kafka is somebody else's. */
  broker: Program | undefined;
  /** In the order in which they are listed. */
  services: Services;
  programOf: (service: string, instance: number) => Program;
  events: EventLog;
  healthEveryMs?: number;
};

type View = Omit<ProcessView, 'rssBytes'>;

export type Supervisor = {
  views(): View[];
  /** Starts Kafka, where there is one to start, and waits until it takes requests. */
  startBroker(): Promise<void>;
  /** Starts the services; settles at once. */
  startServices(counts: ReadonlyMap<string, number>): void;
  /**
   * @param name `kafka`, a service, or an instance
   * @throws ReplaygroundError `usage`, or `not-running` when there is no such process
   */
  act(action: Action, name: string): Promise<View[]>;
  /** Starts what is missing up to `count`, stops what is above. */
  scale(service: string, count: number): Promise<View[]>;
  /** Stops the services, then Kafka; nothing can be started afterwards. */
  stopAll(): Promise<void>;
  /** SIGKILL for everything, for somebody who does not want to wait. */
  killAll(): void;
};

export type Action = (typeof actions)[number];
export const actions = ['stop', 'start', 'restart', 'kill'] as const;

/** @param options what to run and who is told about it */
export function createSupervisor({ broker, services, programOf, events, healthEveryMs = 1000 }: SupervisorOptions): Supervisor {
  const processes = new Map<string, ManagedProcess>();
  let phase: 'starting' | 'open' | 'closing' = 'starting';
  let queue: Promise<unknown> = Promise.resolve();

  const manage = (program: Program): ManagedProcess => {
    const onChange = (view: View) => void events.add('state', view.name, describe(view));
    const managed = manageProcess(program, { onChange, healthEveryMs });
    processes.set(program.name, managed);
    return managed;
  };
  if (broker) manage(broker);

  const instancesOf = (service: string): ManagedProcess[] => [...processes.values()].filter(({ program }) => program.service === service);
  const nameOf = (service: string, number: number): string =>
    instanceName(services.find(({ name }) => name === service) ?? { name: service, most: 1 }, number);
  const instance = (service: string, number: number): ManagedProcess =>
    processes.get(nameOf(service, number)) ?? manage(programOf(service, number));

  /** One change at a time: two that cross would leave neither's result. */
  const inTurn = <T>(change: () => Promise<T>): Promise<T> => {
    const result = queue.then(() => {
      if (phase === 'starting') throw new ReplaygroundError('lab-starting', 'the lab is still starting its Kafka: try again in a moment');
      if (phase === 'closing') throw new ReplaygroundError('lab-stopping', 'the lab is stopping');
      return change();
    });
    queue = result.catch(() => {});
    return result;
  };

  const targets = (name: string): ManagedProcess[] => {
    const { service, instance: number } = parseTarget(name, services);
    const wanted = number === undefined || service === brokerName ? undefined : nameOf(service, number);
    const found = instancesOf(service).filter(({ program }) => wanted === undefined || program.name === wanted);
    if (found.length > 0) return found;
    if (service === brokerName) throw new ReplaygroundError('not-running', 'this lab uses a Kafka of its own choice: KAFKA_BROKERS is set');
    const running = instancesOf(service).map(({ program }) => program.name);
    throw new ReplaygroundError(
      'not-running',
      `there is no ${name}: ${running.length > 0 ? `there is ${running.join(', ')}` : 'scale it up first'}`,
    );
  };

  const apply = async (action: Action, target: ManagedProcess): Promise<void> => {
    if (action === 'stop' || action === 'restart') await target.stop();
    if (action === 'start' || action === 'restart') target.start();
    if (action === 'kill' && !(await target.kill())) {
      throw new ReplaygroundError('not-running', `${target.program.name} has no process to kill: it is ${target.view().state}`);
    }
  };

  return {
    views: () => [...processes.values()].map((managed) => managed.view()).sort(byOrder(services)),
    async startBroker() {
      const managed = processes.get(brokerName);
      if (!managed) return;
      managed.start();
      const failed = await untilFirst(events, managed);
      if (failed !== null) throw new ReplaygroundError('broker-failed', failed);
    },
    startServices(counts) {
      phase = 'open';
      for (const [service, count] of counts) for (let number = 1; number <= count; number += 1) instance(service, number).start();
    },
    act: (action, name) =>
      inTurn(async () => {
        const found = targets(name);
        await Promise.all(found.map((target) => apply(action, target)));
        return found.map((target) => target.view());
      }),
    scale: (service, count) =>
      inTurn(async () => {
        const checked = checkScale(service, count, services);
        events.add('scale', checked.service, `scaled to ${count}`);
        for (let number = 1; number <= count; number += 1) instance(checked.service, number).start();
        const kept = new Set(Array.from({ length: count }, (_, index) => nameOf(checked.service, index + 1)));
        const surplus = instancesOf(checked.service).filter(({ program }) => !kept.has(program.name));
        await Promise.all(surplus.map((target) => target.stop()));
        for (const { program } of surplus) processes.delete(program.name);
        return instancesOf(checked.service).map((target) => target.view());
      }),
    async stopAll() {
      phase = 'closing';
      const all = [...processes.values()];
      await Promise.all(all.filter(({ program }) => program.service !== brokerName).map((managed) => managed.stop()));
      await processes.get(brokerName)?.stop();
    },
    killAll() {
      for (const managed of processes.values()) void managed.kill();
    },
  };
}

/** @returns `null` once it is healthy, or why its first start failed */
function untilFirst(events: EventLog, managed: ManagedProcess): Promise<string | null> {
  return new Promise((resolve) => {
    const look = (): void => {
      const { state, detail } = managed.view();
      if (state !== 'healthy' && state !== 'restarting' && state !== 'crashed' && state !== 'stopped') return;
      stopListening();
      resolve(state === 'healthy' ? null : (detail?.replace(/, next start in .*$/, '') ?? state));
    };
    const stopListening = events.listen(look);
  });
}

const describe = ({ state, detail }: View): string => (detail === null ? state : `${state}: ${detail}`);

/** Kafka first. */
const byOrder =
  (services: Services) =>
  (a: View, b: View): number => {
    const place = ({ service }: View): number => services.findIndex(({ name }) => name === service);
    return place(a) - place(b) || a.name.localeCompare(b.name, 'en', { numeric: true });
  };

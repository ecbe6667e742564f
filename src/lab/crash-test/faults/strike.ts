/** Does one fault to a system that runs, and tells which situation it reached. */
import { setTimeout as delay } from 'node:timers/promises';
import { isSamePartition } from '../../../kafka/partition.ts';
import type { Load } from '../../systems/load/start-load.ts';
import type { Instance } from '../../systems/process/instance.ts';
import type { RunningService } from '../../systems/process/running-service.ts';
import type { TestKafka } from '../kafka/own-kafka.ts';
import { committedOf, type GroupSample, lagOf, type Sample } from '../watch/group-history.ts';
import type { GroupWatch } from '../watch/watch-groups.ts';
import type { Fault, PlannedFault } from './fault.ts';
import type { SituationName } from './situations.ts';

export type Scene = {
  services: readonly RunningService[];
  kafka: TestKafka;
  load: Load;
  watch: GroupWatch;
  /** Whether a transaction was ever seen. */
  isTransactional: () => boolean;
  reached: (name: SituationName) => void;
  /** Told of each record that nobody can read. */
  onUnreadable: (place: { topic: string; partition: number; offset: number }) => void;
  signal: AbortSignal;
};

/** The clients' default session lasts 45 s; the coordinator notices a little later (ms). */
const freezeAtMostMs = 60_000;
const lookEveryMs = 300;
/** A share group's locks last for 30 s unless the group says otherwise (`share.record.lock.duration.ms`). */
const outlastsLocksMs = 35_000;
/** The moment at which a transaction is open is waited for so long (ms). */
const transactionWithinMs = 5000;
/** The moment at which a group is seen to commit is waited for so long (ms): some commit every 5 s. */
const busyWithinMs = 6000;

/** @returns the fault as it was done; undefined where there was nothing to strike */
export async function strike(planned: PlannedFault, scene: Scene): Promise<Fault | undefined> {
  const at = Date.now();
  const done = await strikes[planned.kind](planned, scene);
  return done && { kind: planned.kind, at, until: Date.now(), ...done };
}

/** `at` where something was waited for first. */
type Done = { target: string; detail: string; at?: number };

const strikes: { [kind in PlannedFault['kind']]: (planned: PlannedFault, scene: Scene) => Promise<Done | undefined> } = {
  async kill(planned, scene) {
    const target = targetOf(planned, scene);
    if (!target) return undefined;
    const [instance, service] = target;
    if (isQueue(service)) return await killWorker(instance, scene);
    const group = await untilBusy(scene, service);
    const at = Date.now();
    if (!(await instance.kill())) return undefined;
    // The end of before against the commits of now: what lies between was not done when it died.
    const now = groupIn(await scene.watch.look(), service);
    const open = group && now ? openRecords(group, now) : 0;
    // Whoever commits before the work has nothing open, but was at it all the same.
    if (open > 0 || (group && now && committedOf(now) > committedOf(group))) scene.reached('killAtWork');
    return { target: instance.name, detail: `${open} records were not committed`, at };
  },

  async freeze(planned, scene) {
    const target = targetOf(planned, scene);
    if (!target) return undefined;
    const [instance, service] = target;
    if (isQueue(service)) return await freezeWorker(instance, scene);
    const before = groupIn(await scene.watch.look(), service)?.members ?? 0;
    if (!instance.freeze()) return undefined;
    const frozenAt = Date.now();
    let outlasted = false;
    // Without a group there is nobody to throw it out.
    while (before > 0 && !outlasted && Date.now() - frozenAt < freezeAtMostMs && !scene.signal.aborted) {
      await delay(lookEveryMs);
      const members = groupIn(await scene.watch.look(), service)?.members;
      outlasted = members !== undefined && members < before;
    }
    // The others take over meanwhile: it wakes up into a group that has gone on.
    if (outlasted || before === 0) await delay(planned.forSec * 1000, undefined, { signal: scene.signal }).catch(() => {});
    instance.thaw();
    if (outlasted) scene.reached('outlastedSession');
    const forSec = ((Date.now() - frozenAt) / 1000).toFixed(1);
    const group = before === 0 ? '' : outlasted ? ', its group threw it out' : ', its group kept it';
    return { target: instance.name, detail: `for ${forSec} s${group}` };
  },

  async stop(planned, scene) {
    const target = targetOf(planned, scene);
    if (!target) return undefined;
    const [instance, service] = target;
    const group = groupIn(await scene.watch.look(), service);
    await instance.stop();
    if (!group || group.members > 0) scene.reached('stopAtWork');
    await delay(planned.forSec * 1000, undefined, { signal: scene.signal }).catch(() => {});
    instance.start();
    return { target: instance.name, detail: `away for ${planned.forSec} s` };
  },

  async scale({ service: name, pick }, scene) {
    const service = scene.services.find((one) => one.name === name);
    if (!service) return undefined;
    const before = service.count;
    const others = Array.from({ length: service.most }, (_, index) => index + 1).filter((count) => count !== before);
    const count = others[Math.floor(pick * others.length)];
    if (count === undefined) return undefined;
    await service.scale(count);
    scene.reached('scaled');
    return { target: name, detail: `${before} to ${count} processes` };
  },

  async broker({ pick, forSec }, scene) {
    const { kafka } = scene;
    const id = kafka.ids[Math.floor(pick * kafka.ids.length)] as number;
    const end = Date.now() + transactionWithinMs;
    let sample = await scene.watch.look();
    while (scene.isTransactional() && !sample?.transactionOpen && Date.now() < end && !scene.signal.aborted)
      sample = await scene.watch.look();
    scene.reached('brokerAtWork');
    if (sample?.transactionOpen) scene.reached('brokerInTransaction');
    // Where it is the only one, nobody answers meanwhile.
    using _ = kafka.ids.length === 1 ? scene.watch.pause() : undefined;
    const killedAt = Date.now();
    await kafka.kill(id);
    await delay(forSec * 1000, undefined, { signal: scene.signal }).catch(() => {});
    await kafka.start(id);
    const awaySec = ((Date.now() - killedAt) / 1000).toFixed(1);
    return {
      target: `broker ${id}`,
      at: killedAt,
      detail: `away for ${awaySec} s, ${sample?.transactionOpen ? 'a' : 'no'} transaction was open`,
    };
  },

  async duplicate({ pick }, { load, reached }) {
    const what = await load.duplicate(pick);
    reached('duplicate');
    return { target: what, detail: 'sent once more' };
  },

  async unreadable(_, { load, reached, onUnreadable }) {
    const place = await load.unreadable();
    onUnreadable(place);
    reached('unreadable');
    return { target: `${place.topic}/${place.partition}@${place.offset}`, detail: 'no JSON, no UTF-8' };
  },
};

/** What a share group is at is not told without a JVM each time; that something comes out is. */
async function killWorker(instance: Instance, scene: Scene): Promise<Done | undefined> {
  const isWorking = await untilWriting(scene);
  const at = Date.now();
  if (!(await instance.kill())) return undefined;
  if (isWorking) scene.reached('killAtWork');
  return { target: instance.name, detail: `${isWorking ? 'while' : 'not while'} something came out`, at };
}

async function freezeWorker(instance: Instance, scene: Scene): Promise<Done | undefined> {
  if (!instance.freeze()) return undefined;
  const frozenAt = Date.now();
  await delay(outlastsLocksMs, undefined, { signal: scene.signal }).catch(() => {});
  instance.thaw();
  if (!scene.signal.aborted) scene.reached('outlastedLocks');
  return { target: instance.name, detail: `for ${((Date.now() - frozenAt) / 1000).toFixed(1)} s: its records went to others` };
}

async function untilWriting({ watch, signal }: Scene): Promise<boolean> {
  const end = Date.now() + busyWithinMs;
  const before = await watch.look();
  while (before && Date.now() < end && !signal.aborted) {
    await delay(lookEveryMs);
    if (((await watch.look())?.written ?? 0) > before.written) return true;
  }
  return false;
}

const isQueue = ({ file }: RunningService): boolean => file['share-group'] !== undefined;

/** Between two looks something was committed: whoever is struck now is struck at work. @returns the last look */
async function untilBusy(scene: Scene, service: RunningService): Promise<GroupSample | undefined> {
  const end = Date.now() + busyWithinMs;
  let before = groupIn(await scene.watch.look(), service);
  while (before && Date.now() < end && !scene.signal.aborted) {
    const now = groupIn(await scene.watch.look(), service);
    if (now && committedOf(now) > committedOf(before)) return now;
    before = now ?? before;
    await delay(lookEveryMs);
  }
  return before;
}

function targetOf({ service: name, pick }: PlannedFault, { services }: Scene): [Instance, RunningService] | undefined {
  const service = services.find((one) => one.name === name);
  const running = service?.instances.filter(({ state }) => state === 'running') ?? [];
  const instance = running[Math.floor(pick * running.length)];
  return service && instance && [instance, service];
}

const groupIn = (sample: Sample | undefined, service: RunningService): GroupSample | undefined =>
  sample?.groups.find(({ group }) => group === service.file.group);

function openRecords(before: GroupSample, now: GroupSample): number {
  return lagOf({
    ...now,
    partitions: now.partitions.map((one) => ({
      ...one,
      end: before.partitions.find((other) => isSamePartition(other, one))?.end ?? 0,
    })),
  });
}

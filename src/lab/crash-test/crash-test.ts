/** A crash test from beginning to end: a Kafka of its own, the system under load, the storm, the quiet after it, the verdict. */
import { join } from 'node:path';
import { ensureTopics } from '../../kafka/admin.ts';
import { reachProducer } from '../../kafka/bridge/reach.ts';
import { clientConfig } from '../../kafka/client-config.ts';
import { connectAdmin } from '../../kafka/connect.ts';
import { KafkaInspector } from '../../kafka/inspector.ts';
import { sendingConfig } from '../../kafka/send-records.ts';
import { readSettings } from '../../pipeline/settings/read-settings.ts';
import { clearLeftFolders, makeTempFolder } from '../processes/temp-folder.ts';
import type { System } from '../systems/read-system.ts';
import { RunningService } from '../systems/running-service.ts';
import { setUpSystem } from '../systems/set-up.ts';
import { startLoad } from '../systems/start-load.ts';
import { drain } from './drain.ts';
import { type FaultKind, faultKinds } from './fault.ts';
import { rebalancesAtWork, stalledSec } from './group-history.ts';
import { judgeLedger } from './judge-ledger.ts';
import { untilFirstOutput, untilTransactionsEnd } from './milestones.ts';
import { startOwnKafka } from './own-kafka.ts';
import { planFaults } from './plan-faults.ts';
import { readLogs } from './read-logs.ts';
import type { CrashTestResult } from './result.ts';
import { type SituationName, situations } from './situations.ts';
import { storm } from './storm.ts';
import { storyOf } from './story.ts';
import { aliveGroups, groupsOf, topicsOf } from './system-facts.ts';
import { outcomeOf, verdictOf } from './verdict.ts';
import { watchGroups } from './watch-groups.ts';

export type CrashTestOptions = {
  system: System;
  minutes: number;
  seed: string;
  brokers: 1 | 3;
  kinds?: readonly FaultKind[];
  /** Gets the logs of the processes. */
  folder: string;
  say: (line: string) => void;
  signal: AbortSignal;
};

const folderPrefix = 'replayground-crash-';
const mostFindings = 12;

/**
 * @throws ReplaygroundError `system-not-set-up`, `system-not-started`, those of `startBroker`; nothing is left running in any case
 */
export async function crashTest(options: CrashTestOptions): Promise<CrashTestResult> {
  const { system, minutes, seed, folder, say, signal, kinds = faultKinds } = options;
  await setUpSystem(system, options);
  await clearLeftFolders(folderPrefix, say);
  await using temp = makeTempFolder(folderPrefix);
  await using all = new AsyncDisposableStack();
  say(options.brokers === 3 ? 'starting three brokers' : 'starting Kafka');
  const kafka = all.use(await startOwnKafka({ home: join(temp.path, 'kafka'), count: options.brokers, say, signal }));
  const config = clientConfig(readSettings({ KAFKA_BROKERS: kafka.brokers }), 'crash-test');
  {
    using admin = connectAdmin(config);
    await ensureTopics(admin.client, topicsOf(system));
  }
  const inspector = all.use(new KafkaInspector(config));
  const membersOf = async (group: string): Promise<number> => (await inspector.ask('describeGroup', group)).members.length;
  const services = Object.entries(system.services).map(([name, file]) =>
    all.use(
      new RunningService({
        name,
        file,
        folder: system.folder,
        brokers: kafka.brokers,
        stateFolder: join(temp.path, 'state'),
        logFolder: join(folder, 'logs'),
        membersOf,
      }),
    ),
  );
  say(`starting ${services.map((service) => `${service.start} ${service.name}`).join(', ')}`);
  await Promise.all(services.map((service) => service.scale(service.start)));
  await Promise.all(services.map((service) => service.untilReady(signal)));

  const producer = all.use(await reachProducer({ ...config, ...sendingConfig, 'message.timeout.ms': 120_000 }));
  const groups = groupsOf(system);
  const watch = all.use(
    watchGroups({ inspector, groups, outputs: [...new Set(system.ledger.map(({ to }) => to))], alive: () => aliveGroups(services) }),
  );
  const { http } = system.load;
  const asked = services.find(({ name, port }) => (http?.service === undefined ? port !== undefined : name === http.service));
  const load = startLoad({
    load: system.load,
    folder: system.folder,
    producer,
    fallbackTopic: system.ledger[0]?.from ?? '',
    baseUrl: () => (asked?.port === undefined ? undefined : `http://127.0.0.1:${asked.port}`),
  });
  all.defer(() => load.finish());
  const startMs = Date.now();
  await untilFirstOutput(watch.look, system, services, signal);

  const sawTransaction = (): boolean => watch.samples.some(({ transactionOpen }) => transactionOpen);
  const reached = new Map<SituationName, number>();
  const unreadable = new Set<string>();
  const stormMs = minutes * 60_000;
  const beginMs = Date.now();
  const scalable = services.filter(({ most, start }) => most > start || start > 1).map(({ name }) => name);
  const plan = planFaults({
    seed,
    kinds,
    services: services.map(({ name }) => name),
    scalable,
    count: Math.ceil(minutes * 30) + kinds.length,
  });
  say(`under load: ${load.perSec} records a second; the storm lasts ${Math.round(stormMs / 1000)} s, seed ${seed}`);
  const faults = await storm({
    plan,
    untilMs: beginMs + stormMs,
    scene: {
      services,
      kafka,
      load,
      look: watch.look,
      isTransactional: sawTransaction,
      reached: (name) => void reached.set(name, (reached.get(name) ?? 0) + 1),
      onUnreadable: ({ topic, partition, offset }) => void unreadable.add(`${topic}/${partition}@${offset}`),
      signal,
    },
    onFault: ({ at, kind, target, detail }) =>
      say(`${String(Math.round((at - beginMs) / 1000)).padStart(4)} s  ${kind} ${target}: ${detail}`),
  });
  signal.throwIfAborted();

  await load.finish();
  await Promise.all(services.map((service) => service.scale(service.start)));
  say(`the storm is over, ${load.sent} records were sent: the system reads what is left`);
  let toldMs = Date.now();
  const notBack = await drain({
    services,
    look: watch.look,
    withinMs: 60_000 + stormMs,
    signal,
    onLag: (lag) => {
      if (lag === 0 || Date.now() - toldMs < 5000) return;
      toldMs = Date.now();
      say(`${lag} records are left`);
    },
  });
  const outages = options.brokers === 1 ? faults.filter(({ kind }) => kind === 'broker') : [];
  const stalled = stalledSec(watch.samples, outages);
  await Promise.all(services.map((service) => service.stop()));
  signal.throwIfAborted();

  say('reading all that came in and went out');
  const transactional = await untilTransactionsEnd(watch.look, signal, sawTransaction());
  const committed = async (group: string, topic: string): Promise<ReadonlyMap<number, number>> =>
    new Map(
      (await inspector.ask('committed', group, false)).filter((one) => one.topic === topic).map((one) => [one.partition, one.offset]),
    );
  const ledgers = (await readLogs({ config, system, unreadable, committed })).map(judgeLedger);
  reached.set('rebalanceAtWork', rebalancesAtWork(watch.samples));
  const sometimes = situations(reached, { kinds, minutes, transactional, scalable: scalable.length > 0 });
  const verdict = verdictOf(ledgers, { stalledSec: stalled, cameBack: notBack.length === 0, claim: system.claims });
  const lives = new Map(services.flatMap(({ instances }) => instances.map(({ name, lives: its }) => [name, its])));
  const findings = ledgers.flatMap((ledger) => ledger.findings).slice(0, mostFindings);
  return {
    system: system.name,
    summary: system.summary,
    seed,
    minutes,
    brokers: options.brokers,
    sent: load.sent,
    ids: ledgers.reduce((sum, { ids }) => sum + ids, 0),
    startMs,
    endMs: Date.now(),
    faults,
    verdict,
    outcome: outcomeOf(verdict, sometimes),
    sometimes,
    firstFindings: findings.map((finding) => storyOf(finding, { faults, samples: watch.samples, lives })),
    notBack,
    samples: watch.samples,
  };
}

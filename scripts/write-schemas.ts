/** Writes what `--json` of each verb prints, as JSON Schemas, to docs/schemas: `npm run schemas`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { schemaFiles, schemaFolder } from '../src/order-lab/answers/schema-files.ts';
import { projectRoot } from '../src/pipeline/settings/read-settings.ts';

const folder = join(projectRoot, schemaFolder);
const files = schemaFiles();
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
const biome = join(projectRoot, 'node_modules/@biomejs/biome/bin/biome');
await execa(process.execPath, [biome, 'format', '--write', folder]);
console.log(`wrote ${Object.keys(files).length} schemas to ${schemaFolder}`);

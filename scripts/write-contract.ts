/**
 * Writes the contract of topics and events to docs/contract: `npm run contract`. A breaking change is told and nothing is written, unless
 * `--breaking` says that it is meant.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { breakingChanges } from '../src/pipeline/contract/breaking-changes.ts';
import { asyncApiFile, contractFiles, contractFolder } from '../src/pipeline/contract/contract-files.ts';
import { projectRoot } from '../src/pipeline/settings/read-settings.ts';
import { version } from '../src/pipeline/settings/version.ts';

const folder = join(projectRoot, contractFolder);
const files = contractFiles(version);
const released = join(folder, asyncApiFile);
const broken = existsSync(released) ? breakingChanges(JSON.parse(readFileSync(released, 'utf8')), files[asyncApiFile] as object) : [];
if (broken.length > 0 && !process.argv.includes('--breaking')) {
  process.stderr.write(`these break who writes or reads the topics; --breaking writes the contract all the same:\n${broken.join('\n')}\n`);
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
const biome = join(projectRoot, 'node_modules/@biomejs/biome/bin/biome');
await execa(process.execPath, [biome, 'format', '--write', folder]);
console.log(`wrote ${Object.keys(files).join(', ')} to ${contractFolder}`);

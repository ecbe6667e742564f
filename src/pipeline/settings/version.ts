/** The version that services and reports show: the package's own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './read-settings.ts';

export const version: string = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')).version;

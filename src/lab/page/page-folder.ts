/** Where the page is: its sources, and what is built from them. */
import { join } from 'node:path';
import { projectRoot } from '../../pipeline/settings/read-settings.ts';

export const pageSources = join(projectRoot, 'dashboard');
export const pageFolder = join(pageSources, 'dist');

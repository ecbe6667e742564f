/** Where the page is: its sources, and what is built from them. */
import { join } from 'node:path';
import { projectRoot } from '../../pipeline/settings/read-settings.ts';

export const pageSources = join(projectRoot, 'dashboard');
export const pageFolder = join(pageSources, 'dist');
/** The page as one file, into which what is recorded is put; hidden, so that it is not served as a page of its own. */
export const recordingPageName = '.recording.html';
export const recordingPage = join(pageFolder, recordingPageName);

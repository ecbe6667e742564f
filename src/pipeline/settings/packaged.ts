/** Whether this is a checkout, with TypeScript, or the package that npm installs: the same folders with JavaScript, since Node strips no types there. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './read-settings.ts';

export const isPackaged = !existsSync(join(projectRoot, 'src', 'replayground.ts'));

/** Of programs and scenarios that are found by their path. */
export const codeExtension = isPackaged ? '.js' : '.ts';

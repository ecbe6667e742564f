/** `replayground` means this checkout, from any folder: a scenario of somebody's own needs no package of that name beside it. */
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../pipeline/settings/read-settings.ts';

/** As if it were imported from there: a package finds itself by its own name. */
const parentURL = pathToFileURL(join(projectRoot, 'package.json')).href;
let provided = false;

/** Once for the process: a scenario may import while it runs, too. */
export function providePackage(): void {
  if (provided) return;
  provided = true;
  registerHooks({
    resolve: (specifier, context, next) =>
      /^replayground(\/|$)/.test(specifier) ? next(specifier, { ...context, parentURL }) : next(specifier, context),
  });
}

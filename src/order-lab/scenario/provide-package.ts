/** `replayground` means this project, from any folder: a scenario of somebody's own needs no package of that name beside it. */
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { codeExtension } from '../../pipeline/settings/packaged.ts';
import { projectRoot } from '../../pipeline/settings/read-settings.ts';

/** As `exports` in package.json has it for those who install the package. */
const files: Record<string, string> = { replayground: 'replayground', 'replayground/kafka': 'kafka-library' };
/** As if it were imported from there: a package finds itself by its own name, and says what it does not export. */
const parentURL = pathToFileURL(join(projectRoot, 'package.json')).href;
let provided = false;

/** Once for the process: a scenario may import while it runs, too. */
export function providePackage(): void {
  if (provided) return;
  provided = true;
  registerHooks({
    resolve: (specifier, context, next) => {
      if (Object.hasOwn(files, specifier)) {
        const file = join(projectRoot, 'src', files[specifier] + codeExtension);
        return next(pathToFileURL(file).href, context);
      }
      return specifier.startsWith('replayground/') ? next(specifier, { ...context, parentURL }) : next(specifier, context);
    },
  });
}

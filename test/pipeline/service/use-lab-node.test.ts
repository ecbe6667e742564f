import assert from 'node:assert/strict';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { projectRoot } from '../../../src/pipeline/settings/read-settings.ts';
import { tempHome } from '../../support/temp-home.ts';

/** Makes this Node say that it is an older one. */
const older = `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.11.1'}})`;

test('an older Node has the program run by the lab with its arguments, and ends as that one does', async () => {
  await using folder = await tempHome();
  const part = join('src', 'pipeline', 'service', 'use-lab-node.ts');
  await mkdir(join(folder.path, 'src', 'pipeline', 'service'), { recursive: true });
  await cp(join(projectRoot, part), join(folder.path, part));
  await writeFile(join(folder.path, 'package.json'), '{ "type": "module" }');
  const program = join(folder.path, 'src', 'program.ts');
  await writeFile(
    program,
    `import { useLabNode } from './pipeline/service/use-lab-node.ts';\nawait useLabNode();\nconsole.log('on this Node');\n`,
  );
  await writeFile(join(folder.path, 'lab'), '#!/bin/sh\nfor arg; do echo "[$arg]"; done\nexit 7\n', { mode: 0o755 });

  const old = await execa(process.execPath, ['--import', older, program, 'a b'], { reject: false });
  assert.deepEqual([old.stdout, old.exitCode], [`[node]\n[${program}]\n[a b]`, 7]);
  const current = await execa(process.execPath, [program]);
  assert.equal(current.stdout, 'on this Node');
});

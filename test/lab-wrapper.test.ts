/** The wrapper `./lab` where it can be tried cheaply: it finds its folder and its packages, and says what it misses. */
import assert from 'node:assert/strict';
import { access, chmod, cp, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { execa } from 'execa';
import { tempHome } from './support/temp-home.ts';

const ROOT = dirname(import.meta.dirname);
let folder: Awaited<ReturnType<typeof tempHome>>;
let project: string;

/** A copy of the wrapper beside a command line that prints what it was given. */
before(async () => {
  folder = await tempHome();
  project = join(folder.path, 'the project');
  await mkdir(join(project, 'src', 'order-lab', 'cli'), { recursive: true });
  await mkdir(join(project, 'node_modules'));
  await cp(join(ROOT, 'lab'), join(project, 'lab'));
  await cp(join(ROOT, 'scripts'), join(project, 'scripts'), { recursive: true });
  // What compiles is left out.
  await writeFile(join(project, 'scripts', 'build-client.sh'), 'echo built the client');
  await writeFile(join(project, 'scripts', 'join-packages.ts'), joins('built the files'));
  await mkdir(join(project, 'native', 'src'), { recursive: true });
  await writeFile(join(project, 'native', 'src', 'addon.cc'), '');
  await writeFile(join(project, 'native', 'build.sh'), 'mkdir -p "$(dirname "$0")/build"; echo built the bridge');
  await writeFile(join(project, 'package-lock.json'), '{}');
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  await writeFile(
    join(project, 'src', 'order-lab', 'cli', 'main.ts'),
    `const { UV_THREADPOOL_SIZE: threads, NODE_COMPILE_CACHE: cache } = process.env;
    console.log(JSON.stringify({ args: process.argv.slice(2), threads, cache, cwd: process.cwd() }));`,
  );
});
after(() => folder[Symbol.asyncDispose]());

const joins = (text: string): string => `console.log(${JSON.stringify(text)}, process.argv[2].endsWith('packages') || process.argv[2])`;

const withNode = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };

/** As if all had been installed: marks the packages with the wrapper's own sum, and the bridge. */
async function markInstalled(): Promise<void> {
  const sum = async (...files: string[]) =>
    (await execa('sh', ['-c', 'cat "$@" | cksum', 'sh', ...files.map((file) => join(project, file))])).stdout;
  const packages = `${await sum('package-lock.json', 'scripts/build-client.sh', 'scripts/join-packages.ts')} ${process.version}`;
  await writeFile(join(project, 'node_modules', '.replayground-installed'), `${packages}\n`);
  await mkdir(join(project, 'native', 'build'), { recursive: true });
  const bridge = `${await sum('native/build.sh', 'native/src/addon.cc')} ${packages}`;
  await writeFile(join(project, 'native', 'build', '.built'), `${bridge}\n`);
}

/** A PATH with the programs that the wrapper itself uses, and those given. */
async function pathWith(name: string, programs: { [name: string]: string }): Promise<string> {
  const bin = join(folder.path, name);
  await mkdir(bin);
  for (const tool of [
    'sh',
    'cat',
    'cksum',
    'dirname',
    'grep',
    'head',
    'ln',
    'mkdir',
    'mktemp',
    'mv',
    'cp',
    'rm',
    'sed',
    'sleep',
    'readlink',
    'tr',
    'uname',
  ]) {
    const { stdout } = await execa('sh', ['-c', `command -v ${tool}`]);
    await symlink(stdout, join(bin, tool));
  }
  for (const [program, script] of Object.entries(programs)) {
    await writeFile(join(bin, program), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, program), 0o755);
  }
  return bin;
}

const run = (lab: string, args: string[], path: string, cwd = '/') =>
  execa(lab, args, { cwd, env: { PATH: path, LAB_CACHE: join(folder.path, 'cache') }, extendEnv: false, reject: false });

test('runs from any folder, through symbolic links, with spaces in the path and in the arguments', async () => {
  await markInstalled();
  const links = join(folder.path, 'links');
  await mkdir(links);
  await symlink('../the project/lab', join(links, 'first'));
  await symlink(join(links, 'first'), join(links, 'second'));
  const cache = join(project, '.node', 'compile-cache');
  for (const [lab, cwd] of [
    [join(project, 'lab'), '/'],
    ['./lab', project],
    [join(links, 'second'), links],
    ['./second', links],
  ] as const) {
    const result = await run(lab, ['burst', 'a b', ''], withNode.PATH, cwd);
    assert.equal(result.exitCode, 0, result.stderr);
    assert.deepEqual(JSON.parse(result.stdout), { args: ['burst', 'a b', ''], threads: '8', cache, cwd });
    assert.equal(result.stderr, '');
  }
  assert.equal(await readlink(join(links, 'first')), '../the project/lab');
});

test('a missing npm is one line that says how to get it', async () => {
  const result = await run(join(project, 'lab'), ['up'], await pathWith('no-npm', { node: 'echo v20.20.2' }));
  assert.equal(result.exitCode, 1);
  assert.match(result.stderr, /^lab: npm is missing: install Node 24 with npm [^\n]*$/);
  assert.deepEqual(
    (await readdir(join(project, '.node'))).filter((name) => name !== 'compile-cache'),
    ['install.log'],
  );
});

test('a changed lock file installs again; what npm says when that fails is shown, and the old packages stay', async () => {
  await markInstalled();
  await writeFile(join(project, 'package-lock.json'), '{ "changed": true }');
  const npm = `echo 'npm error code E500' >&2; echo 'npm error the registry is on fire' >&2; exit 1`;
  const bin = await pathWith('failing-npm', { npm });
  const result = await run(join(project, 'lab'), ['up'], `${dirname(process.execPath)}:${bin}`);
  assert.equal(result.exitCode, 1);
  assert.match(result.stderr, /^lab: installing packages .*\nlab: npm ci failed: the registry is on fire; full output: .*install\.log$/);
  await access(join(project, 'node_modules', '.replayground-installed'));
});

/** Leaves packages of these names, as `npm ci` would. */
const workingNpm = `for name in @confluentinc/kafka-javascript zstd-napi; do
  mkdir -p node_modules/$name && echo '{}' >node_modules/$name/package.json
done`;

test('a lock left by a process that is gone does not stop the next install', async () => {
  const lock = join(project, '.node', 'install.lock');
  await mkdir(lock, { recursive: true });
  const gone = await execa('sh', ['-c', 'echo $$']);
  await writeFile(join(lock, 'pid'), `${gone.stdout}\n`);
  const bin = await pathWith('working-npm', { npm: workingNpm });
  const result = await run(join(project, 'lab'), ['up'], `${dirname(process.execPath)}:${bin}`);
  assert.equal(result.exitCode, 0, result.stderr);
  await access(join(project, 'node_modules', '.replayground-installed'));
  await assert.rejects(access(lock));
});

test('client, bridge and joined files are made again only when what they are made of has changed, also with the packages gone', async () => {
  const bin = await pathWith('npm-again', { npm: workingNpm });
  const built = async (change: string, text: string): Promise<string[] | null> => {
    await writeFile(join(project, change), text);
    const result = await run(join(project, 'lab'), ['up'], `${dirname(process.execPath)}:${bin}`);
    assert.equal(result.exitCode, 0, result.stderr);
    assert.doesNotMatch(result.stderr, /could not/);
    return (await readFile(join(project, '.node', 'install.log'), 'utf8')).match(/built the \w+/g);
  };
  const all = ['built the client', 'built the files', 'built the bridge'];
  assert.deepEqual(await built('scripts/build-client.sh', 'echo built the client # otherwise'), all);
  assert.deepEqual(await built('package-lock.json', '{ "other": "packages" }'), all.slice(1));
  assert.deepEqual(await built('scripts/join-packages.ts', "console.log('built the files otherwise')"), all.slice(1));
  await rm(join(project, 'node_modules'), { recursive: true });
  assert.deepEqual(await built('native/src/addon.cc', '// other'), all.slice(1));
});

test('packages that cannot be joined stay as they are, which is said', async () => {
  const bin = await pathWith('npm-unjoined', { npm: workingNpm });
  await writeFile(join(project, 'scripts', 'join-packages.ts'), "throw new Error('no bundler')");
  const result = await run(join(project, 'lab'), ['up'], `${dirname(process.execPath)}:${bin}`);
  assert.equal(result.exitCode, 0, result.stderr);
  assert.match(result.stderr, /^lab: packages could not be joined, so each start takes longer; full output: .*install\.log$/m);
});

test('a package of many files has the same exports in a few, and its entries still share one module', async () => {
  const top = join(folder.path, 'to join');
  const typebox = join(top, 'node_modules', 'typebox');
  await mkdir(join(typebox, 'parts'), { recursive: true });
  await symlink(join(ROOT, 'node_modules', 'rolldown'), join(top, 'node_modules', 'rolldown'));
  const files = {
    'package.json': JSON.stringify({
      type: 'module',
      exports: { '.': { types: './index.d.ts', import: './index.js' }, './more': './more.js' },
    }),
    'parts/shared.js': 'export const seen = []; export const unused = 1;',
    'parts/deep.js': "import { sep } from 'node:path'; export const separator = sep;",
    'index.js': "export * from './parts/shared.js'; export * from './parts/deep.js'; export default 'whole';",
    'more.js': "import { seen } from './parts/shared.js'; export const see = (one) => seen.push(one);",
  };
  for (const [file, text] of Object.entries(files)) await writeFile(join(typebox, file), text);
  const execaFolder = join(top, 'node_modules', 'execa');
  await mkdir(execaFolder);
  await writeFile(join(execaFolder, 'package.json'), '{ "type": "module", "exports": "./index.js" }');
  await writeFile(join(execaFolder, 'index.js'), 'export const execa = 1;');

  const script = join(ROOT, 'scripts', 'join-packages.ts');
  for (const _ of ['once', 'again']) {
    await execa(process.execPath, [script, top]);
    await rm(join(typebox, 'parts'), { recursive: true, force: true });
    const program = `import whole, * as all from 'typebox'; import { see } from 'typebox/more'; see(7);
      console.log(JSON.stringify({ whole, names: Object.keys(all).sort(), seen: all.seen }));`;
    const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', program], { cwd: top });
    assert.deepEqual(JSON.parse(stdout), { whole: 'whole', names: ['default', 'seen', 'separator', 'unused'], seen: [7] });
  }
});

test('a process of the lab finds its packages in a few files', async () => {
  const counts = `import { registerHooks } from 'node:module';
    let files = 0;
    registerHooks({ load: (url, context, next) => { if (/node_modules.(typebox|execa)/.test(url)) files += 1; return next(url, context); } });
    await import('./test/support/run-cli.ts');
    console.log(files);`;
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', counts], { cwd: ROOT });
  assert.ok(Number(stdout) > 0 && Number(stdout) < 20, `${stdout} files`);
});

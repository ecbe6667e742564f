/** The wrapper `./lab` where it can be tried cheaply: it finds its folder and its packages, and says what it misses. */
import assert from 'node:assert/strict';
import { access, chmod, cp, mkdir, readdir, readlink, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { execa } from 'execa';
import { tempHome } from './broker/temp-home.ts';

const ROOT = dirname(import.meta.dirname);
let folder: Awaited<ReturnType<typeof tempHome>>;
let project: string;

/** A copy of the wrapper beside a command line that prints what it was given. */
before(async () => {
  folder = await tempHome();
  project = join(folder.path, 'the project');
  await mkdir(join(project, 'src', 'cli'), { recursive: true });
  await mkdir(join(project, 'node_modules'));
  await cp(join(ROOT, 'lab'), join(project, 'lab'));
  await cp(join(ROOT, 'scripts'), join(project, 'scripts'), { recursive: true });
  await writeFile(join(project, 'package-lock.json'), '{}');
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  await writeFile(
    join(project, 'src', 'cli', 'main.ts'),
    'console.log(JSON.stringify({ args: process.argv.slice(2), threads: process.env.UV_THREADPOOL_SIZE, cwd: process.cwd() }));',
  );
});
after(() => folder[Symbol.asyncDispose]());

const withNode = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };

async function markInstalled(): Promise<void> {
  const { stdout } = await execa('cksum', { inputFile: join(project, 'package-lock.json') });
  await writeFile(join(project, 'node_modules', '.replayground-installed'), `${stdout} ${process.version}\n`);
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
  execa(lab, args, { cwd, env: { PATH: path }, extendEnv: false, reject: false });

test('runs from any folder, through symbolic links, with spaces in the path and in the arguments', async () => {
  await markInstalled();
  const links = join(folder.path, 'links');
  await mkdir(links);
  await symlink('../the project/lab', join(links, 'first'));
  await symlink(join(links, 'first'), join(links, 'second'));
  for (const [lab, cwd] of [
    [join(project, 'lab'), '/'],
    ['./lab', project],
    [join(links, 'second'), links],
    ['./second', links],
  ] as const) {
    const result = await run(lab, ['burst', 'a b', ''], withNode.PATH, cwd);
    assert.equal(result.exitCode, 0, result.stderr);
    assert.deepEqual(JSON.parse(result.stdout), { args: ['burst', 'a b', ''], threads: '8', cwd });
    assert.equal(result.stderr, '');
  }
  assert.equal(await readlink(join(links, 'first')), '../the project/lab');
});

test('a missing npm is one line that says how to get it', async () => {
  const result = await run(join(project, 'lab'), ['up'], await pathWith('no-npm', { node: 'echo v20.20.2' }));
  assert.equal(result.exitCode, 1);
  assert.match(result.stderr, /^lab: npm is missing: install Node 24 with npm [^\n]*$/);
  assert.deepEqual((await readdir(join(project, '.node'))).sort(), ['install.log']);
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

test('a lock left by a process that is gone does not stop the next install', async () => {
  const lock = join(project, '.node', 'install.lock');
  await mkdir(lock, { recursive: true });
  const gone = await execa('sh', ['-c', 'echo $$']);
  await writeFile(join(lock, 'pid'), `${gone.stdout}\n`);
  const npm = 'mkdir node_modules && echo ran';
  const bin = await pathWith('working-npm', { npm });
  const result = await run(join(project, 'lab'), ['up'], `${dirname(process.execPath)}:${bin}`);
  assert.equal(result.exitCode, 0, result.stderr);
  await access(join(project, 'node_modules', '.replayground-installed'));
  await assert.rejects(access(lock));
});

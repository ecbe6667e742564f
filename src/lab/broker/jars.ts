/** Fetches Kafka's jars once per machine: Maven fills a folder in the user's cache, and every checkout shares it. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import envPaths from 'env-paths';
import { execa } from 'execa';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { projectRoot } from '../../pipeline/settings/read-settings.ts';
import { findJava, findMaven, WITHOUT_EMBEDDED } from './find-java.ts';

const POM = join(projectRoot, 'src', 'lab', 'broker', 'pom.xml');
/** Lists the jars that belong in the folder, so that one removed by hand is noticed. */
const MANIFEST = 'jars.json';

/** Where the jars are kept, and who is told about a download. */
export type JarOptions = { cacheDir?: string; onProgress?: (line: string) => void };

/** @returns the user's cache folder for this project, `LAB_CACHE` before the system's usual place */
export const defaultCacheDir = (): string => process.env.LAB_CACHE || envPaths('replayground', { suffix: '' }).cache;

/** @returns the version of the embedded Kafka, `4.4.0` */
export const kafkaVersion = async (): Promise<string> => versionIn(await readFile(POM, 'utf8'));

const versionIn = (pom: string): string => /<kafka\.version>(.+)<\/kafka\.version>/.exec(pom)?.[1] ?? 'unknown';

/**
 * @param options `cacheDir` defaults to `defaultCacheDir()`; `onProgress` gets a line now and then during a download
 * @returns absolute paths of the jars: the class path of the broker and of Kafka's tools
 * @throws ReplaygroundError `maven-missing`, `jars-unavailable`, and those of `findJava`
 */
export async function resolveJars(options: JarOptions = {}): Promise<string[]> {
  const cacheDir = options.cacheDir ?? defaultCacheDir();
  const pom = await readFile(POM, 'utf8');
  const version = versionIn(pom);
  const folder = join(cacheDir, `kafka-${version}-${createHash('sha256').update(pom).digest('hex').slice(0, 12)}`);

  const cached = await listJars(folder);
  if (cached) return cached;

  await mkdir(cacheDir, { recursive: true });
  const download = await mkdtemp(join(cacheDir, 'download-'));
  try {
    await runMaven(download, version, options.onProgress);
    await writeFile(join(download, MANIFEST), JSON.stringify((await readdir(download)).filter(isJar).sort()));
    await putInPlace(download, folder);
  } finally {
    await rm(download, { recursive: true, force: true });
  }
  const jars = await listJars(folder);
  if (!jars) throw new ReplaygroundError('jars-unavailable', `Kafka's jars vanished from ${folder}: start again`, { retriable: true });
  return jars;
}

const isJar = (name: string): boolean => name.endsWith('.jar');

async function listJars(folder: string): Promise<string[] | undefined> {
  try {
    const wanted: string[] = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8'));
    const present = new Set(await readdir(folder));
    return wanted.every((name) => present.has(name)) ? wanted.map((name) => join(folder, name)) : undefined;
  } catch {
    return undefined;
  }
}

/** Another process may have been faster: its folder is as good as ours. A damaged folder makes way. */
async function putInPlace(download: string, folder: string): Promise<void> {
  if (await listJars(folder)) return;
  await rename(folder, join(download, 'damaged')).catch(() => {});
  await rename(download, folder).catch(async (error) => {
    if (!(await listJars(folder))) throw error;
  });
  await rm(join(folder, 'damaged'), { recursive: true, force: true });
}

async function runMaven(target: string, version: string, onProgress: JarOptions['onProgress']): Promise<void> {
  const [java, maven] = await Promise.all([findJava(), findMaven()]);
  const started = Date.now();
  let files = 0;
  const report = () =>
    onProgress?.(`fetching Apache Kafka ${version} by Maven (once): ${files} files, ${Math.round((Date.now() - started) / 1000)} s`);
  report();
  const timer = setInterval(report, 5000);
  const lines: string[] = [];
  try {
    const run = execa(maven, ['-B', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${target}`], {
      reject: false,
      all: true,
      buffer: false,
      env: { JAVA_HOME: dirname(dirname(java)) },
    });
    for await (const line of run.iterable({ from: 'all' })) {
      if (/Downloaded from /.test(line)) files += 1;
      else if (line.trim()) lines.push(line);
    }
    const { exitCode } = await run;
    if (exitCode === 0) return;
  } finally {
    clearInterval(timer);
  }
  throw new ReplaygroundError(
    'jars-unavailable',
    `Maven could not fetch Kafka's jars: ${meaningfulLine(lines)}; check the network or Maven's settings, ${WITHOUT_EMBEDDED}`,
    {
      retriable: true,
    },
  );
}

/**
 * @param lines Maven's output
 * @returns its first error without the prefix and the pointers to help, else its last line
 */
export function meaningfulLine(lines: readonly string[]): string {
  const line = lines.find((candidate) => candidate.includes('[ERROR]')) ?? lines.at(-1) ?? 'no output';
  return line
    .replace(/^.*\[ERROR\]\s*/, '')
    .replace(/\s*-> \[Help \d+\].*$/, '')
    .slice(0, 500)
    .trim();
}

/** Finds the Java and the Maven that the embedded broker needs, and says what to do where they are missing or too old. */
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { ReplaygroundError } from '../../kafka/errors.ts';

/** The oldest Java that Kafka 4's broker runs on. */
const MIN_JAVA = 17;

/** The ways out when the embedded broker cannot be had, for the end of a message. */
export const WITHOUT_EMBEDDED = 'or use another Kafka: KAFKA_BROKERS=host:port, or `docker compose up kafka`';

/** The variables that say where Java and Maven are. */
type Environment = { [name: string]: string | undefined };

/** Asking a Java for its version takes a tenth of a second, and one start needs the answer three times. */
const foundJava = new Map<string, string>();

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function candidates(name: string, homeVariable: string, env: Environment): Promise<string[]> {
  const home = env[homeVariable];
  const folders = [...(home ? [join(home, 'bin')] : []), ...(env.PATH ?? '').split(delimiter).filter(Boolean)];
  const files = [...new Set(folders.map((folder) => join(folder, name)))];
  const usable = await Promise.all(files.map(isExecutable));
  return files.filter((_, index) => usable[index]);
}

/**
 * @param output what `java -version` prints, on either stream
 * @returns the feature release: 17 for `17.0.15`, 8 for `1.8.0_402`; undefined when it is no version line
 */
export function javaFeatureVersion(output: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(output);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/**
 * The first Java that is new enough: the one in JAVA_HOME, then those on PATH.
 *
 * @param env where to look; by default this process's environment
 * @returns the path of `java`
 * @throws ReplaygroundError `java-missing`, `java-too-old`
 */
export async function findJava(env: Environment = process.env): Promise<string> {
  const key = JSON.stringify([env.JAVA_HOME, env.PATH]);
  const known = foundJava.get(key);
  if (known !== undefined) return known;
  const tooOld: string[] = [];
  for (const java of await candidates('java', 'JAVA_HOME', env)) {
    const { all } = await execa(java, ['-version'], { reject: false, all: true, timeout: 20_000, env, extendEnv: false });
    const version = javaFeatureVersion(all ?? '');
    if (version !== undefined && version >= MIN_JAVA) {
      foundJava.set(key, java);
      return java;
    }
    tooOld.push(`${java} is ${version === undefined ? 'not usable' : `Java ${version}`}`);
  }
  const wayOut = `install Java ${MIN_JAVA} or newer (JAVA_HOME or PATH), ${WITHOUT_EMBEDDED}`;
  if (tooOld.length > 0)
    throw new ReplaygroundError('java-too-old', `Kafka needs Java ${MIN_JAVA} or newer, but ${tooOld.join(', ')}: ${wayOut}`);
  throw new ReplaygroundError('java-missing', `Kafka needs Java, and there is none: ${wayOut}`);
}

/**
 * @param env where to look (MAVEN_HOME, then PATH); by default this process's environment
 * @returns the path of `mvn`
 * @throws ReplaygroundError `maven-missing`
 */
export async function findMaven(env: Environment = process.env): Promise<string> {
  const [maven] = await candidates('mvn', 'MAVEN_HOME', env);
  if (maven !== undefined) return maven;
  throw new ReplaygroundError(
    'maven-missing',
    `Kafka's jars are not in the cache yet and there is no Maven to fetch them: install Maven (\`mvn\` on PATH), ${WITHOUT_EMBEDDED}`,
  );
}

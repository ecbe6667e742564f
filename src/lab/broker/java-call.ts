/** How every Java program of Kafka is called here: which java, class path, flags and logging. */
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../pipeline/settings/read-settings.ts';
import { type ArchivePlace, archivePlace, recordArchive, useArchive } from './class-archive.ts';
import { findJava } from './find-java.ts';
import { type JarOptions, resolveJars } from './jars.ts';

/**
 * A ready call: `command` with `args`, and `env` on top of the caller's environment. `recording` where the program is to leave an archive of
 * its classes, to be put there by `keepArchive`.
 */
export type JavaCall = { command: string; args: string[]; env: { CLASSPATH: string; LC_ALL: string }; recording?: ArchivePlace };

/** Flags for a program that is over in a second or two: no second compiler, no parallel collector. */
export const SHORT_LIVED = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx256m'];

/** With the locale below: names of folders and groups, and what is printed, are UTF-8 also where the system's locale is plain C. */
const UTF_8 = ['-Dfile.encoding=UTF-8', '-Dstdout.encoding=UTF-8', '-Dstderr.encoding=UTF-8'];

/**
 * The class path goes by the environment, so that `ps` shows a line that can be read.
 *
 * @param program main class and its arguments
 * @param jvm flags; whether it logs as a broker or as a tool; `recordClasses`: the file for an archive of classes, where there is none yet
 * @param options see `resolveJars`
 * @throws ReplaygroundError those of `findJava` and `resolveJars`
 */
export async function javaCall(
  program: { mainClass: string; args: readonly string[] },
  jvm: { flags: readonly string[]; logging: 'broker' | 'tools'; recordClasses?: string },
  options: JarOptions = {},
): Promise<JavaCall> {
  const [command, jars] = await Promise.all([findJava(), resolveJars(options)]);
  const configuration = pathToFileURL(join(projectRoot, 'src', 'lab', 'broker', `log4j2-${jvm.logging}.properties`)).href;
  const place = await archivePlace(command, dirname(jars[0] as string));
  const used = await useArchive(place);
  const record = used.length === 0 ? jvm.recordClasses : undefined;
  const sharing = record === undefined ? used : recordArchive(record);
  // Log4j takes several files apart at commas.
  const logging = `-Dlog4j2.configurationFile=${configuration.replaceAll(',', '%2C')}`;
  return {
    command,
    args: [...jvm.flags, ...sharing, ...UTF_8, logging, program.mainClass, ...program.args],
    env: { CLASSPATH: jars.join(delimiter), LC_ALL: 'C.UTF-8' },
    ...(record !== undefined && { recording: place }),
  };
}

/**
 * Which kind every group of a Kafka is of. The JavaScript client's admin calls know classic groups and consumer groups (KIP-848) alone, and
 * say of a share group (KIP-932) or a streams group (KIP-1071) that it does not exist; Kafka's own tool knows all.
 */
import { ReplaygroundError } from '../../kafka/errors.ts';
import { groupTypes, type ListedGroup } from '../answers/groups.ts';
import { runKafkaTool } from './tools.ts';
import type { ToolSettings } from './transaction-owner.ts';

/**
 * Runs the tool, with a JVM of its own: some seconds.
 * @param settings where Kafka is
 * @returns all groups, by name
 * @throws ReplaygroundError `kafka-tool-failed` with the tool's own words, and those of `runKafkaTool`
 */
export async function listGroups(settings: ToolSettings): Promise<ListedGroup[]> {
  const { kafkaBrokers = '', labCache } = settings;
  const address = { brokers: kafkaBrokers, security: settings, ...(labCache === undefined ? {} : { cacheDir: labCache }) };
  const { exitCode, stdout, stderr } = await runKafkaTool('groups', ['--list'], address);
  if (exitCode === 0) return listedGroups(stdout).sort((a, b) => (a.group < b.group ? -1 : 1));
  const words = `${stderr}\n${stdout}`.trim().split('\n')[0];
  throw new ReplaygroundError('kafka-tool-failed', `the groups cannot be listed: ${words}`, { retriable: true });
}

/** @returns the rows of the table that `kafka-groups --list` prints */
export const listedGroups = (text: string): ListedGroup[] =>
  text.split('\n').flatMap((line) => {
    const [, group, type, protocol = ''] = row.exec(line) ?? [];
    return group === undefined ? [] : [{ group, type: type as ListedGroup['type'], protocol }];
  });

/** A group's name may hold blanks, the other two columns do not. */
const row = new RegExp(`^(.*?)\\s+(${groupTypes.join('|')})(?:\\s+(\\S+))?\\s*$`);

/** Topics that the processes of a system have made, and that its file does not name: nothing in them is judged, so that is said. */
import type { KafkaInspector } from '../../../kafka/groups/inspector.ts';
import type { SystemFile } from '../../systems/file/system-schema.ts';
import { groupsOf, isOfStreams } from './system-facts.ts';

/** @returns a line for each, with how much is in it; those that Kafka Streams makes for a group are its own business */
export async function unnamedTopics(inspector: KafkaInspector, system: SystemFile): Promise<string[]> {
  const groups = groupsOf(system).map(({ group }) => group);
  const isNamed = (topic: string): boolean =>
    Object.hasOwn(system.topics, topic) || topic.startsWith('__') || groups.some((group) => isOfStreams(topic, group));
  const topics = (await inspector.ask('listTopics')).filter((topic) => !isNamed(topic));
  const ends = await inspector.ask('offsets', await inspector.ask('partitionsOf', topics), 'latest');
  return topics.sort().map((topic) => {
    const records = ends.filter((end) => end.topic === topic).reduce((sum, { offset = 0 }) => sum + offset, 0);
    return `topic ${topic} was made by a process and is not in system.yaml, which names ${Object.keys(system.topics).join(', ')}: ${records} records in it are not judged`;
  });
}

/** What can stand in a place of a command line: services, groups, topics of the lab that runs, or of the order pipeline where none does. */
import { crashPoints, deliveries } from '../../../kafka/exactly-once/delivery.ts';
import { brokerName } from '../../../lab/supervisor/instance-name.ts';
import type { SystemFacts } from '../../../lab/wire/system-facts.ts';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import { labWithSystem } from '../../client/lab-client.ts';
import { settable } from '../set-arguments.ts';
import { type Candidate, shells } from './words.ts';

/** Services and the processes that run, by name. */
type Place = { system: SystemFacts; processes: readonly string[] };

async function place(): Promise<Place> {
  const { lab, system } = await labWithSystem(readSettings());
  const processes = (await lab?.state())?.processes.map(({ name }) => name) ?? [];
  return { system, processes };
}

const named = (values: Iterable<string>): Candidate[] => [...new Set(values)].map((value) => ({ value }));

const services = async (): Promise<Candidate[]> => {
  const { system, processes } = await place();
  return named([...system.services.map(({ name }) => name), ...processes, brokerName]);
};
const groups = async (): Promise<Candidate[]> => named((await place()).system.services.flatMap(({ group }) => group ?? []));
const topics = async (): Promise<Candidate[]> => named((await place()).system.topics);
const topicsWithLetters = async (): Promise<Candidate[]> => {
  const { topics: all, deadLetterTopics } = (await place()).system;
  return named(all.filter((topic) => !deadLetterTopics.includes(topic)));
};
const systems = async (): Promise<Candidate[]> => {
  const [{ ownSystems }, { basename, dirname }] = await Promise.all([
    import('../../../lab/systems/file/find-system.ts'),
    import('node:path'),
  ]);
  return named(ownSystems().map((file) => basename(dirname(file))));
};

/** Where a verb takes what by an option. */
const ofOption: Readonly<Record<string, () => Promise<Candidate[]>>> = { '--group': groups, '--topic': topics, '--system': systems };

/** What a verb takes as its arguments, by what stands before. */
const ofVerb: Readonly<Record<string, (operands: readonly string[]) => Promise<Candidate[]>>> = {
  ...Object.fromEntries(['stop', 'start', 'restart', 'kill'].map((verb) => [verb, services])),
  logs: async () => [{ value: 'lab' }, ...(await services())],
  scale: async () => named((await place()).system.services.flatMap(({ name, most }) => (most > 1 ? [`${name}=`] : []))),
  set: async ([service]) => (service === undefined ? named(Object.keys(settable)) : named(settingsOf(service))),
  lag: groups,
  tail: async ([topic]) => (topic === undefined ? topics() : []),
  'dlq list': async ([topic]) => (topic === undefined ? topicsWithLetters() : []),
  'dlq show': async ([topic]) => (topic === undefined ? topicsWithLetters() : []),
  'dlq redrive': async ([topic]) => (topic === undefined ? topicsWithLetters() : []),
  run: async ([scenario]) => (scenario === undefined ? named((await import('../../scenario/find-scenarios.ts')).scenarioNames()) : []),
  'crash-test': systems,
  compare: systems,
  kafka: async ([tool]) => (tool === undefined ? named(Object.keys((await import('../../../lab/broker/tools.ts')).kafkaTools)) : []),
  schema: async () => named(Object.keys((await import('../../answers/answer-table.ts')).answers)),
  completion: async () => named(shells),
};

const settingsOf = (service: string): string[] =>
  (settable[service] ?? []).flatMap((setting) => {
    if (setting === 'paused') return ['paused=true', 'paused=false'];
    if (setting === 'delivery') return deliveries.map((one) => `delivery=${one}`);
    if (setting === 'crash') return [...crashPoints, 'none'].map((point) => `crash=${point}`);
    return [`${setting}=`];
  });

/** @returns what the option takes; empty where that is a file, or anything */
export const optionValues = async (option: string): Promise<Candidate[]> => (await ofOption[option]?.()) ?? [];

/**
 * @param verb with its part: `dlq list`
 * @param operands those that stand before
 */
export const operandValues = async (verb: string, operands: readonly string[]): Promise<Candidate[]> =>
  (await ofVerb[verb]?.(operands)) ?? [];

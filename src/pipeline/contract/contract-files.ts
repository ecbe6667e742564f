/** The contract as files: the AsyncAPI document with the names that topics and groups have by default, and each event's JSON Schema. Pure. */
import { readSettings } from '../settings/read-settings.ts';
import { asyncApi } from './asyncapi.ts';
import { eventSchemas } from './messages.ts';

/** Where the released contract is, from the project's folder. */
export const contractFolder = 'docs/contract';

/** The file of the AsyncAPI document. */
export const asyncApiFile = 'asyncapi.json';

/**
 * @param version of the services
 * @returns contents by the name of the file
 */
export function contractFiles(version: string): Record<string, object> {
  const schemas = Object.entries(eventSchemas).map(([name, schema]) => [
    `${name}.schema.json`,
    { $schema: 'https://json-schema.org/draft/2020-12/schema', title: name, ...schema },
  ]);
  return { [asyncApiFile]: asyncApi(readSettings({}), version), ...Object.fromEntries(schemas) };
}

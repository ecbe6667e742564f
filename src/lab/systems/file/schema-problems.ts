/** What the schema finds wrong with a system, in words: what is there, and what is allowed. Pure. */
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { SystemSchema } from './system-schema.ts';
import type { Path } from './yaml-places.ts';

/** One thing that is wrong; `key` where it is about the name of a property. */
export type Problem = { path: Path; key?: string; text: string };

const validate = new Ajv2020({ allErrors: true, verbose: true, strict: false }).compile(SystemSchema);

/** @returns everything that the schema does not allow; empty for a `SystemFile` */
export function schemaProblems(value: unknown): Problem[] {
  if (validate(value)) return [];
  // What stands below a choice says why each of its forms does not fit; the choice itself says it better.
  return (validate.errors ?? []).filter(({ schemaPath }) => !schemaPath.includes('/anyOf/')).map(problemOf);
}

type Described = { [keyword: string]: unknown };

function problemOf({ keyword, instancePath, params, parentSchema, data, message }: ErrorObject): Problem {
  const path = pathOf(instancePath);
  const allowed = (schema: Described | undefined): string => (schema?.description ? `: allowed is ${schema.description}` : '');
  const properties: Record<string, Described> = parentSchema?.properties ?? {};
  if (keyword === 'additionalProperties') {
    const key = String(params.additionalProperty);
    const known = Object.keys(properties);
    const hint = known.length > 0 ? `: allowed ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}` : allowed(parentSchema);
    return { path, key, text: `${nameOf([...path, key])} is not known${hint}` };
  }
  if (keyword === 'required') {
    const key = String(params.missingProperty);
    return { path, text: `${nameOf([...path, key])} is missing${allowed(properties[key])}` };
  }
  const what = `${nameOf(path)} is ${shown(data)}`;
  return { path, text: `${what}${allowed(parentSchema) || `: it ${message}`}` };
}

/** RFC 6901. */
const pathOf = (pointer: string): (string | number)[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));

const nameOf = (path: Path): string => (path.length === 0 ? 'the file' : path.join('.'));

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

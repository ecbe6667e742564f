/** What `--json` printed, held against the published schemas: strictly, so that a field that no schema names is found. */
import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type AnswerName, answers, publishedSchema } from '../../src/order-lab/answers/answer-table.ts';

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });

/** @returns the schema in which no object has other fields than those that it names */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  return inner.type === 'object' && inner.properties !== undefined ? { additionalProperties: false, ...inner } : inner;
}

const checks = new Map<AnswerName, ReturnType<typeof ajv.compile>>();

/** @throws AssertionError where the value does not fit the schema, or has more than it names */
export function fits(name: AnswerName, value: unknown): void {
  const check = checks.get(name) ?? ajv.compile(closed(publishedSchema(name)) as object);
  checks.set(name, check);
  assert.ok(check(value), `${name}: ${ajv.errorsText(check.errors)}\n${JSON.stringify(value)?.slice(0, 2000)}`);
}

/** @returns which answer a command prints; undefined for one without `--json` */
export function answerOf(args: readonly string[]): AnswerName | undefined {
  if (!args.includes('--json')) return undefined;
  const fitting = (Object.keys(answers) as AnswerName[]).filter((name) => {
    const words = answers[name].command.split(' ');
    return name !== 'error' && words.every((word, index) => (word.startsWith('-') ? args.includes(word) : args[index] === word));
  });
  return fitting.sort((a, b) => answers[b].command.length - answers[a].command.length)[0];
}

/** Some verbs print something else in a lab that runs a system of anybody's, or of a share group. */
function fitsEither(name: AnswerName, value: unknown): void {
  try {
    fits(name, value);
  } catch (error) {
    const other = name.startsWith('offsets-') ? 'offsets-share' : `${name}-system`;
    if (!Object.hasOwn(answers, other)) throw error;
    fits(other as AnswerName, value);
  }
}

/**
 * @param args of `./lab`
 * @param stdout what it printed; nothing where it failed
 * @throws AssertionError where it is not what the schema says
 */
export function checkAnswer(args: readonly string[], stdout: string): void {
  const name = answerOf(args);
  if (name === undefined || stdout.trim() === '') return;
  if (answers[name].prints === 'value') fitsEither(name, JSON.parse(stdout));
  else for (const line of stdout.trim().split('\n')) fits(name, JSON.parse(line));
}

/** @throws AssertionError where the last line on stderr is not what a verb with `--json` writes when it fails */
export function checkFailure(stderr: string): void {
  fits('error', JSON.parse(stderr.trim().split('\n').at(-1) ?? ''));
}

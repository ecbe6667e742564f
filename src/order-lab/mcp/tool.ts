/** What a tool of the MCP server is: a verb of `./lab`, with what it takes and what it prints. */
import Type, { type Static, type TObject, type TSchema } from 'typebox';
import { type AnswerName, answers } from '../answers/answer-table.ts';
import type { VerbCall } from './run-verb.ts';

/** `destructive`: something is gone or set back by it. `idempotent`: done twice, it is as done once. */
export type Change = { destructive: boolean; idempotent: boolean };

export type LabTool<I extends TObject = TObject> = {
  name: string;
  title: string;
  description: string;
  input: I;
  /** What the verb prints. */
  answer: AnswerName | readonly AnswerName[];
  /** The field of the tool's answer that holds it where it is a list or a stream: a tool answers by an object. */
  under?: string;
  /** Undefined for a tool that only looks. */
  change?: Change;
  call: (input: Static<I>) => VerbCall;
};

/** @returns the tool itself; the call is there for the types */
export const defineTool = <I extends TObject>(tool: LabTool<I>): LabTool => tool as unknown as LabTool;

/** @returns the schema of a tool's answer */
export function outputSchema({ answer, under }: LabTool): TSchema {
  const schemas = [answer].flat().map((name) => {
    const { prints, schema } = answers[name as AnswerName];
    return prints === 'lines' ? Type.Array(schema) : schema;
  });
  const schema = schemas.length === 1 ? (schemas[0] as TSchema) : Type.Union(schemas);
  return under === undefined ? schema : Type.Object({ [under]: schema });
}

/** @returns the tool's answer of what the verb printed */
export function structured({ answer, under }: LabTool, printed: string): Record<string, unknown> {
  const isStream = [answer].flat().some((name) => answers[name as AnswerName].prints === 'lines');
  const lines = printed.split('\n').filter((line) => line !== '');
  const value: unknown = isStream ? lines.map((line) => JSON.parse(line)) : JSON.parse(printed);
  return under === undefined ? (value as Record<string, unknown>) : { [under]: value };
}

/** @returns `--name=value`; nothing for an undefined one */
export const option = (name: string, value: string | number | undefined): string[] => (value === undefined ? [] : [`--${name}=${value}`]);

/** @returns `--name` where it is wanted */
export const flag = (name: string, wanted: boolean | undefined): string[] => (wanted ? [`--${name}`] : []);

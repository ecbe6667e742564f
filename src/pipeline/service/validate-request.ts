/** Checks requests against their TypeBox schemas, as they are: nothing is turned into another type, and every wrong field is named. */
import type { TSchema } from 'typebox';
import Compile, { type Validator } from 'typebox/compile';
import type { TLocalizedValidationError } from 'typebox/error';
import type { FieldError } from './problem.ts';

/** Carries the wrong fields from Fastify's validation to the error handler. */
export class RequestInvalid extends Error {
  readonly fields: FieldError[];
  constructor(fields: FieldError[]) {
    super('the request breaks its schema');
    this.fields = fields;
  }
}

type Check = (value: unknown) => { value: unknown } | { error: Error };

/**
 * Fastify's validator compiler. Parameters of the path and the query are text and are checked as text.
 * @returns a check that gives the value as it came, or the wrong fields
 */
export const validatorCompiler = ({ schema }: { schema: TSchema }): Check => checking(Compile(schema), (value) => value);

/**
 * The same, and of a body only what its schema names goes on: the rest may be nested too deeply to be sent to another process. Takes tens
 * of microseconds, too much for a route on the hot path.
 */
export function knownFieldsCompiler({ schema, httpPart }: { schema: TSchema; httpPart?: string | undefined }): Check {
  const validator = Compile(schema);
  return checking(validator, (value) => (httpPart === 'body' ? validator.Clean(value) : value));
}

const checking =
  (validator: Validator, pass: (value: unknown) => unknown): Check =>
  (value) => {
    if (validator.Check(value)) return { value: pass(value) };
    return { error: new RequestInvalid(validator.Errors(value).flatMap((error) => toFieldErrors(error, value))) };
  };

/** A missing field is reported at the object that lacks it: name the field itself. */
function toFieldErrors({ instancePath: path, keyword, params, message }: TLocalizedValidationError, value: unknown): FieldError[] {
  if (keyword === 'required') {
    const names = (params as { requiredProperties: string[] }).requiredProperties;
    return names.map((name) => ({ path: `${path}/${escapePointer(name)}`, message: 'is missing' }));
  }
  if (keyword === 'enum') {
    const allowed = (params as { allowedValues: unknown[] }).allowedValues;
    return [{ path, message: `must be one of ${allowed.join(', ')}` }];
  }
  if (path === '' && value === undefined) return [{ path, message: 'a JSON body is required' }];
  if (keyword === 'pattern') return [{ path, message: 'must not be blank' }];
  return [{ path, message }];
}

/** RFC 6901, section 3. */
const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

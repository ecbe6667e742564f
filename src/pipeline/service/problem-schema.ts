/** How the API documents say what its errors look like. */
import { STATUS_CODES } from 'node:http';
import Type from 'typebox';

const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    errors: Type.Optional(
      Type.Array(Type.Object({ path: Type.String({ description: 'JSON Pointer, /items/0/qty' }), message: Type.String() })),
    ),
  },
  { additionalProperties: true },
);

/**
 * @param statuses status codes a route may answer with beside its own
 * @returns the part of a route's `schema.response` that documents them (RFC 9457)
 */
export function problemResponses<S extends number>(...statuses: S[]) {
  const entries = statuses.map((status) => [
    status,
    { description: STATUS_CODES[status] ?? 'Error', content: { 'application/problem+json': { schema: Problem } } },
  ]);
  return Object.fromEntries(entries) as Record<
    S,
    { description: string; content: { 'application/problem+json': { schema: typeof Problem } } }
  >;
}

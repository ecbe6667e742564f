/** Pieces of schemas that many have in common. */
import Type, { type Static, type TSchema } from 'typebox';

/** What is not known is null: it has its field all the same. */
export const nullable = <T extends TSchema>(schema: T, description?: string) =>
  Type.Union([schema, Type.Null()], description === undefined ? {} : { description });

const utc = 'RFC 3339, UTC';

/** @param description which moment it is */
export const time = (description?: string) =>
  Type.String({ format: 'date-time', description: description === undefined ? utc : `${description} (${utc})` });

export const TopicPartition = Type.Object({ topic: Type.String(), partition: Type.Integer() });

export const RecordPlace = Type.Object({ topic: Type.String(), partition: Type.Integer(), offset: Type.Integer() });

/** Two things in this order, as JSON Schema 2020-12 says it: `Type.Tuple` has the words of draft 7. */
export const pair = <A extends TSchema, B extends TSchema>(first: A, second: B) =>
  Type.Unsafe<[Static<A>, Static<B>]>({ type: 'array', prefixItems: [first, second], items: false, minItems: 2, maxItems: 2 });

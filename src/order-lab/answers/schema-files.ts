/** The schemas of `--json` as files. Pure. */
import { type AnswerName, answers, publishedSchema } from './answer-table.ts';

/** Where they are, from the project's folder. */
export const schemaFolder = 'docs/schemas';

/** @returns contents by the name of the file */
export const schemaFiles = (): Record<string, object> =>
  Object.fromEntries((Object.keys(answers) as AnswerName[]).map((name) => [`${name}.schema.json`, publishedSchema(name)]));

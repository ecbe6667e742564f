/** `--env-file`: variables from files, as Docker Compose reads them; what the environment has already goes before. */
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ReplaygroundError } from '../../kafka/errors.ts';

/**
 * @param files lines `NAME=value`; of two files the later one counts
 * @param env gets what it has not
 * @throws ReplaygroundError `usage` where a file cannot be read
 */
export function readEnvFiles(files: readonly string[], env: NodeJS.ProcessEnv): void {
  const given = Object.assign({}, ...files.map(readOne)) as Record<string, string>;
  for (const [name, value] of Object.entries(given)) env[name] ??= value;
}

function readOne(file: string): Record<string, string | undefined> {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ReplaygroundError('usage', `--env-file ${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

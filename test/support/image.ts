/** What deploy/Dockerfile says of the image, for tests that run its parts without a container engine. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';

/** One per instruction. */
const steps = readFileSync(join(projectRoot, 'deploy', 'Dockerfile'), 'utf8')
  .replace(/^\s*#.*\n/gm, '')
  .replace(/\\\n\s*/g, ' ')
  .split('\n')
  .filter(Boolean);

/** @returns what stands behind each instruction of that name */
export const argumentsOf = (instruction: string): string[] =>
  steps.filter((step) => step.startsWith(`${instruction} `)).map((step) => step.slice(instruction.length + 1));

export const entrypoint = JSON.parse(argumentsOf('ENTRYPOINT')[0] ?? '[]') as string[];

/** Variables that every container has. */
export const imageEnvironment: Record<string, string> = Object.fromEntries(
  (argumentsOf('ENV')[0] ?? '').split(' ').map((pair) => pair.split(/=(.*)/s).slice(0, 2)),
);

/** What the last stage holds in /app, each by its path in the project. */
export const imageFiles: readonly string[] = steps
  .slice(steps.findLastIndex((step) => step.startsWith('FROM ')))
  .filter((step) => step.startsWith('COPY '))
  .flatMap((step) => {
    const [, from, to = ''] = /^COPY (?:--from=\S+ )?(\S+) (\S+)$/.exec(step) ?? [];
    return [to === './' ? (from ?? '') : to];
  });

/** All steps of a run as lines for a terminal, in their order. Pure. */
import { quoted } from '../../../lab/commands/terminal.ts';
import type { Step } from '../recorder.ts';
import type { Report } from './report.ts';

/** @returns from `./lab up` to `./lab down`; the first command of each step, others as comments */
export function byHandScript({ steps, environment, scale }: Pick<Report, 'steps' | 'environment' | 'scale'>): string {
  const instances = scale === 1 ? '' : ` --scale inventory-service=${scale}`;
  return [`${variablesText(environment)}./lab up --detach${instances}`, ...steps.flatMap(linesOf), './lab down'].join('\n');
}

/** @returns `INVENTORY_FAIL_RATE=0.3 `, as it stands before a command */
export const variablesText = (environment: Report['environment']): string =>
  Object.entries(environment)
    .map(([name, value]) => `${name}=${quoted(value)} `)
    .join('');

function linesOf({ kind, what, byHand }: Step): string[] {
  if (kind === 'remark') return ['', `# ${what}`];
  const [first, ...others] = byHand;
  return first === undefined ? [`# ${what}`] : [first, ...others.map((command) => `#   ${command}`)];
}

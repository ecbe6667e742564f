/** `./lab doctor`: what is on this machine, what is missing, what to do about it. */

import { styleText } from 'node:util';
import type { Command } from 'commander';
import type { Finding } from '../../../lab/answers/lab.ts';
import { exitCodes } from '../../../lab/terminal/exit-codes.ts';
import { print, withJson } from '../../../lab/terminal/output.ts';
import type { Settings } from '../../../pipeline/settings/declarations.ts';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import { printJson } from '../../answers/print-answer.ts';
import { fail, reason } from '../doctor-finding.ts';
import { checkPlaces } from '../doctor-places.ts';
import { checkTools } from '../doctor-tools.ts';

export function register(program: Command): void {
  withJson(program.command('doctor'))
    .description('check this machine for all that a lab needs; exit code 1 when it cannot run')
    .addHelpText('after', '\nExample:\n  ./lab doctor')
    .action(async ({ json }: { json?: boolean }) => {
      const findings = await examine();
      if (json) printJson<'doctor'>(findings);
      else for (const finding of findings) show(finding);
      if (findings.some(({ state }) => state === 'fail')) process.exitCode = exitCodes.failed;
    });
}

async function examine(): Promise<Finding[]> {
  let settings: Settings;
  try {
    settings = readSettings();
  } catch (error) {
    return [...(await checkTools(true)), fail('settings', reason(error), 'correct that variable')];
  }
  return [...(await checkTools(settings.kafkaBrokers === undefined)), ...(await checkPlaces(settings))];
}

const colors = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

function show({ check, state, found, todo }: Finding): void {
  print(`${styleText(colors[state], state.padEnd(4))}  ${check.padEnd(24)}${found}`);
  if (todo !== null) print(`      ${' '.repeat(24)}-> ${todo}`);
}

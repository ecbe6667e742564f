/** `./lab ps`: the processes of the lab. */
import type { Command } from 'commander';
import ms from 'ms';
import { print, printTable, withJson } from '../../../lab/terminal/output.ts';
import type { ProcessView } from '../../../lab/wire/lab-state.ts';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import { printJson } from '../../answers/print-answer.ts';
import { requireLabAsGiven } from '../../client/lab-client.ts';
import type { LabState } from '../../wire/lab-state.ts';

export function register(program: Command): void {
  withJson(program.command('ps'))
    .description('list the processes: state, pid, port, restarts, memory')
    .addHelpText('after', '\nExample:\n  ./lab ps --json')
    .action(async ({ json }: { json?: boolean }) => {
      const state = await (await requireLabAsGiven(readSettings())).state();
      if (json) printJson<'ps'>(state);
      else show(state);
    });
}

function show({ pid, urls, rssBytes, processes }: LabState): void {
  printTable(['NAME', 'STATE', 'FOR', 'PID', 'PORT', 'RESTARTS', 'MEMORY', 'DETAIL'], processes.map(row));
  print(`lab ${urls.lab} (pid ${pid}), ${megabytes(rssBytes)} resident in all`);
}

const row = ({ name, state, since, pid, port, restarts, rssBytes, detail }: ProcessView) => [
  name,
  state,
  ms(Math.max(0, Date.now() - Date.parse(since))),
  pid,
  port,
  restarts,
  rssBytes === null ? null : megabytes(rssBytes),
  detail ?? '',
];

const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;

/** `./lab logs`: what the processes wrote, merged by time; also when the lab is down. */
import { existsSync, readdirSync } from 'node:fs';
import type { Command } from 'commander';
import { abortOnInterrupt } from '../../../lab/cli/interrupt.ts';
import { followFiles } from '../../../lab/supervisor/follow-files.ts';
import { logFileOf, logFolder } from '../../../lab/supervisor/log-files.ts';
import { type LogLine, lastLines, parseLine } from '../../../lab/supervisor/log-lines.ts';
import { usageError } from '../../../lab/terminal/exit-codes.ts';
import { print, withJson } from '../../../lab/terminal/output.ts';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import { printJsonLine } from '../../answers/print-answer.ts';
import { linePrefixer } from '../console-lines.ts';
import { serviceCalled } from '../other-service-names.ts';

type Options = { follow?: boolean; tail: string; json?: boolean };

export function register(program: Command): void {
  withJson(program.command('logs'))
    .description('what the services and the lab wrote; kafka only when it is named')
    .argument('[service...]', 'lab, kafka, order-service, inventory-service[.n], analytics-service, or what ./lab ps lists')
    .option('-f, --follow', 'go on until Ctrl-C')
    .option('-n, --tail <lines>', 'lines per process from the end, or all', '100')
    .addHelpText('after', '\nExample:\n  ./lab logs -f --tail 20 inventory-service')
    .action(logs);
}

async function logs(names: readonly string[], { follow, tail, json }: Options): Promise<void> {
  const services = names.map((name) => serviceCalled(name));
  const { labHome } = readSettings();
  const count = tail === 'all' ? Number.POSITIVE_INFINITY : Number(tail);
  if (!(count >= 0)) throw usageError(`--tail ${tail} is neither a number of lines nor "all"`);
  const chosen = () => logNames(labHome, services);
  if (chosen().length === 0 && !follow) {
    const what = services.length > 0 ? ` of ${services.join(', ')}` : '';
    const others = [...logNames(labHome, []), ...logNames(labHome, ['kafka'])].join(', ');
    throw usageError(`there is no log${what} in ${logFolder(labHome)}: ${others ? `there is ${others}` : './lab up writes them'}`);
  }
  const prefix = linePrefixer();
  const show = (name: string, { at, text }: LogLine): void =>
    json ? printJsonLine<'logs'>({ name, at, text }) : print(prefix(name, text));

  const ends = new Map<string, number>();
  const merged: { name: string; line: LogLine }[] = [];
  for (const name of chosen()) {
    const { lines, end } = await lastLines(logFileOf(labHome, name), count);
    ends.set(name, end);
    for (const line of timed(lines)) merged.push({ name, line });
  }
  merged.sort((a, b) => (a.line.at < b.line.at ? -1 : Number(a.line.at > b.line.at)));
  for (const { name, line } of merged) show(name, line);
  if (follow) {
    const files = () => chosen().map((name) => ({ name, file: logFileOf(labHome, name) }));
    await followFiles(files, ends, (name, line) => show(name, parseLine(line)), abortOnInterrupt());
  }
}

/** @returns the logs that there are now and that `services` names; all but Kafka's when it names none */
export function logNames(home: string, services: readonly string[]): string[] {
  const files = existsSync(logFolder(home)) ? readdirSync(logFolder(home)) : [];
  const names = files.filter((file) => file.endsWith('.log') && file !== 'lab-output.log').map((file) => file.slice(0, -'.log'.length));
  if (existsSync(logFileOf(home, 'kafka'))) names.push('kafka');
  const fits = (name: string) => services.some((service) => name === service || name.replace(/\.\d+$/, '') === service);
  return names.sort().filter((name) => (services.length === 0 ? name !== 'kafka' : fits(name)));
}

function timed(lines: readonly string[]): LogLine[] {
  let before = '';
  return lines.map((text) => {
    const line = parseLine(text, before);
    before = line.at;
    return line;
  });
}

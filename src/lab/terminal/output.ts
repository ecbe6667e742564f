/** How every verb prints: data on stdout as plain tables or JSON, errors on stderr, a stack only with `--verbose`. */
import type { Command } from 'commander';
import { ReplaygroundError, toErrorMessage } from '../../kafka/errors.ts';
import { lines, oneLine } from '../../kafka/one-line.ts';
import { stringifyExact } from '../../kafka/record/exact-json.ts';
import { isPackaged } from '../../pipeline/settings/packaged.ts';
import type { Answer, AnswerName } from '../answers/answer-table.ts';
import type { Failure } from '../answers/failure.ts';
import { packagedCommand } from '../commands/terminal.ts';
import { exitCodeOf } from './exit-codes.ts';

export type Cell = string | number | null | undefined;

/** Adds `--json` to a verb that prints data. */
export const withJson = (command: Command): Command => command.option('--json', 'print JSON, for programs');

/** @returns the text with the command line by the name that it has here: `npx replayground` in the package */
export const asCalledHere = (text: string): string => (isPackaged ? text.replaceAll('./lab', packagedCommand) : text);

/** Prints one line on stdout. */
export const print = (line = ''): void => console.log(asCalledHere(line));

/** Prints one line on stderr: progress, warnings, hints; never data. */
export const note = (line: string): void => console.error(asCalledHere(line));

/** Prints indented JSON, values of records as they were written. */
export const printAnswer = (answer: unknown): void => console.log(lines(stringifyExact(answer, 2)));

/** Prints JSON on one line, for a stream. */
export const printAnswerLine = (answer: unknown): void => console.log(oneLine(stringifyExact(answer)));

/** Prints an answer by the type that its verb has: `printJson<'results'>(...)`. */
export const printJson = <N extends AnswerName = never>(answer: Answer<NoInfer<N>>): void => printAnswer(answer);

/** The same for a stream. */
export const printJsonLine = <N extends AnswerName = never>(answer: Answer<NoInfer<N>>): void => printAnswerLine(answer);

/**
 * Lays out a table as Kafka's own tools do: left-aligned columns with two spaces between them, no borders.
 * @param headers column names
 * @param rows cells; a missing one is shown as `-`
 * @returns the lines, header first
 */
export function tableLines(headers: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const cells = [headers, ...rows].map((row) => headers.map((_, column) => oneLine(String(row[column] ?? '-'))));
  const widths = headers.map((_, column) => cells.reduce((most, line) => Math.max(most, line[column]?.length ?? 0), 0));
  return cells.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Prints {@link tableLines}. */
export const printTable = (headers: readonly string[], rows: readonly (readonly Cell[])[]): void => {
  for (const line of tableLines(headers, rows)) console.log(line);
};

/**
 * @param error whatever ended a command
 * @param verbose whether the stack and the causes are wanted
 * @returns what to print on stderr; empty when nothing is left to say
 */
export function errorText(error: unknown, verbose: boolean): string {
  if (error instanceof ReplaygroundError && error.code === 'interrupted') return '';
  if (!(error instanceof Error)) return `lab: ${String(error)}`;
  if (verbose) return `lab: ${error.stack ?? error.message}${causes(error)}`;
  const hint = error instanceof ReplaygroundError ? '' : ' (more with --verbose)';
  return `lab: ${error.message}${hint}`;
}

/** What a verb with `--json` writes on stderr as its last line when it fails; empty where Ctrl-C ended it. */
export function failureLine(error: unknown): string {
  if (error instanceof ReplaygroundError && error.code === 'interrupted') return '';
  const failure: Failure = { error: { ...toErrorMessage(error), exitCode: exitCodeOf(error) } };
  return oneLine(JSON.stringify(failure));
}

function causes(error: Error): string {
  if (error.cause === undefined) return '';
  const { cause } = error;
  return cause instanceof Error ? `\ncaused by: ${cause.stack ?? cause.message}${causes(cause)}` : `\ncaused by: ${String(cause)}`;
}

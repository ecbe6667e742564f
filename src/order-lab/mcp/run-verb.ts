/** Runs a verb of `./lab` as a process of its own: its `--json` is the answer of a tool, and nothing that it prints gets into the protocol. */
import { extname, join } from 'node:path';
import { execa } from 'execa';
import type { Failure } from '../../lab/answers/failure.ts';

export type VerbCall = {
  verb: readonly string[];
  /** `--key=value`: a value is never taken for an option. */
  options?: readonly string[];
  /** What stands behind `--`. */
  operands?: readonly string[];
};

export type VerbResult = {
  /** JSON; empty where it failed before it had an answer. */
  printed: string;
  /** Warnings and hints, a line each. */
  notes: string[];
  failure: Failure['error'] | undefined;
};

const main = join(import.meta.dirname, `../cli/main${extname(import.meta.filename)}`);

/** @param signal ends the verb */
export async function runVerb({ verb, options = [], operands = [] }: VerbCall, signal: AbortSignal): Promise<VerbResult> {
  const args = [...verb, '--json', ...options, ...(operands.length > 0 ? ['--', ...operands] : [])];
  const { exitCode, stdout, stderr } = await execa(process.execPath, [...process.execArgv, main, ...args], {
    stdin: 'ignore',
    reject: false,
    cancelSignal: signal,
  });
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const told = failureIn(lines.at(-1));
  const notes = told ? lines.slice(0, -1) : lines;
  if (exitCode === 0 || stdout !== '') return { printed: stdout, notes, failure: told };
  const unexpected = { code: 'unexpected', message: lines.at(-1) ?? `./lab ${verb.join(' ')} said nothing`, retriable: false, exitCode: 1 };
  return { printed: '', notes, failure: told ?? unexpected };
}

function failureIn(line: string | undefined): Failure['error'] | undefined {
  try {
    return (JSON.parse(line ?? '') as Failure).error;
  } catch {
    return undefined;
  }
}

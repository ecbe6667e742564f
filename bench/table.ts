/** The result for people: one table, then what it was measured on. */
import Table from 'cli-table3';
import type { Environment, Load } from './environment.ts';
import type { ComparedOutputs } from './exactly-once.ts';
import type { Row, Summary } from './statistics.ts';

/** What one run of the benchmarks found; `--json` prints it as it is. */
export type Report = {
  startedAt: string;
  orders: number;
  rounds: number;
  peerThreads: number;
  environment: Environment;
  /** Before the first run. */
  load: Load;
  rows: Row[];
  /** Whether all exactly-once runs wrote the same records; undefined where that part did not run. */
  outputs?: ComparedOutputs;
};

/** @returns text with a trailing line break */
export function renderReport(report: Report): string {
  const table = new Table({
    head: ['median (min - max)', 'ours', 'peer', 'ours : peer'],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right'],
  });
  for (const { measure, unit, ours, peer, ratio } of report.rows) {
    table.push([`${measure} [${unit}]`, figure(ours, unit), figure(peer, unit), ratio.toFixed(2)]);
  }
  const { machine, versions } = report.environment;
  const lines = [
    table.toString(),
    `A ratio above 1: ours is faster. ${report.orders} orders a run, ${report.rounds} interleaved rounds after a warm-up round, ${report.peerThreads} stream thread(s).`,
    ...outputLines(report.outputs),
    `Machine: ${machine}; load average before the start: ${report.load.average.toFixed(2)}`,
    ...(report.load.busy ? ['THE MACHINE WAS BUSY: these figures are no basis for a comparison.'] : []),
    `Versions: ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
  ];
  return `${lines.join('\n')}\n`;
}

function outputLines(outputs: Report['outputs']): string[] {
  if (!outputs) return [];
  const actions = Object.entries(outputs.actions).map(([action, count]) => `${action} ${count}`);
  const counts = `${outputs.records} records for ${outputs.orders} orders (${actions.join(', ')})`;
  if (outputs.equal) return [`Outputs equal in all runs, key, headers and value: ${counts}, digest ${outputs.recordsDigest.slice(0, 16)}`];
  return [`OUTPUTS DIFFER; ours in round 0: ${counts}`, ...outputs.differences.map((difference) => `  ${difference}`)];
}

function figure({ median, min, max }: Summary, unit: Row['unit']): string {
  const format = (value: number) => (unit === 's' ? value.toFixed(2) : Math.round(value).toLocaleString('en-US'));
  return `${format(median)} (${format(min)} - ${format(max)})`;
}

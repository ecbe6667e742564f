/** A run that left a report, of a scenario or a crash test, as one shape: what can be listed and compared. Pure. */
import type { Fact } from '../report/facts.ts';
import { recordingFileName } from '../report/recording-link.ts';

export type RunFacts = {
  kind: 'scenario' | 'crash-test';
  /** Of the scenario or the system. */
  name: string;
  title: string;
  /** What it is called on the command line: its folder below results/. */
  id: string;
  /** RFC 3339. */
  startedAt: string;
  durationMs: number;
  verdict: 'held' | 'not-held' | 'inconclusive';
  checks: { claim: string; held: boolean; expected: string; measured: string }[];
  figures: Figure[];
  /** What it was measured on and by: versions, machine, settings, options. */
  conditions: Fact[];
  /** Lag over time of each group: seconds since the run began, and records. */
  curves: Curves;
  isRecorded: boolean;
};

export type Curves = Record<string, [seconds: number, lag: number][]>;

export type Figure = { name: string; value: number; unit: string };

/** What is read of a report.json of a scenario; a report of an older version may lack some. */
type ScenarioJson = {
  name: string;
  title: string;
  files?: string[];
  held: boolean;
  startedAt: string;
  durationMs: number;
  checks: RunFacts['checks'];
  options?: Record<string, string>;
  environment?: Record<string, string>;
  versions?: Fact[];
  machine?: Fact[];
  settings?: Fact[];
  samples?: { atMs: number; groups: { group: string; partitions: { lag?: number }[] }[] }[];
};

type CrashTestJson = {
  system: string;
  isRecorded?: boolean;
  seed: string;
  minutes: number;
  brokers?: number;
  sent: number;
  startedAt: string;
  endedAt: string;
  outcome: RunFacts['verdict'];
  checks?: RunFacts['checks'];
  faults: { kind: string; atWorkAfterSec?: number | null }[];
  verdict: Record<string, unknown>;
  versions?: Fact[];
  machine?: Fact[];
};

/**
 * @param json what report.json holds
 * @param id of the run
 * @returns the run; undefined where it is no report of ours
 */
export function runFacts(json: unknown, id: string): RunFacts | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  if ('checks' in json && 'held' in json) return scenarioFacts(json as ScenarioJson, id);
  if ('system' in json && 'outcome' in json) return crashTestFacts(json as CrashTestJson, id);
  return undefined;
}

function scenarioFacts(report: ScenarioJson, id: string): RunFacts {
  const { name, title, files = [], held, startedAt, durationMs, checks } = report;
  const { options = {}, environment = {}, versions = [], machine = [], settings = [], samples = [] } = report;
  const curves = curvesOf(samples, Date.parse(startedAt));
  return {
    kind: 'scenario',
    name,
    title,
    id,
    startedAt,
    durationMs,
    verdict: held ? 'held' : 'not-held',
    checks: checks.map(({ claim, held: isHeld, expected, measured }) => ({ claim, held: isHeld, expected, measured })),
    figures: [...curveFigures(curves), ...checks.flatMap(({ claim, measured }) => figureOf(claim, measured)), took(durationMs)],
    conditions: [
      ...versions,
      ...machine,
      ...settings,
      ...Object.entries(environment).map(([variable, value]) => ({ name: variable, value })),
      ...Object.entries(options).map(([option, value]) => ({ name: `--${option}`, value })),
    ],
    curves,
    isRecorded: files.includes(recordingFileName),
  };
}

function crashTestFacts(report: CrashTestJson, id: string): RunFacts {
  const { system, seed, minutes, brokers = 1, sent, startedAt, endedAt, outcome, checks = [], faults, verdict } = report;
  const { versions = [], machine = [], isRecorded = false } = report;
  const durationMs = Date.parse(endedAt) - Date.parse(startedAt);
  const counts = Object.entries(verdict).flatMap(([what, value]) =>
    typeof value === 'number' ? [{ name: countNames[what] ?? what, value, unit: what === 'stalledSec' ? 's' : '' }] : [],
  );
  const slowest = Math.max(-1, ...faults.flatMap(({ atWorkAfterSec }) => atWorkAfterSec ?? []));
  return {
    kind: 'crash-test',
    name: system,
    title: `Crash test: ${system}`,
    id,
    startedAt,
    durationMs,
    verdict: outcome,
    checks,
    figures: [
      ...counts,
      { name: 'faults', value: faults.length, unit: '' },
      { name: 'records sent', value: sent, unit: '' },
      ...(slowest < 0 ? [] : [{ name: 'at work again after a fault, at most', value: slowest, unit: 's' }]),
      took(durationMs),
    ],
    conditions: [
      ...versions,
      ...machine,
      { name: 'Seed', value: seed },
      { name: 'Storm', value: `${minutes} min` },
      { name: 'Brokers', value: brokers === 0 ? 'of somebody else' : String(brokers) },
    ],
    curves: {},
    isRecorded,
  };
}

const countNames: Record<string, string> = { outOfOrder: 'out of order', stalledSec: 'stalled' };

const took = (durationMs: number): Figure => ({ name: 'the run took', value: Math.round(durationMs / 100) / 10, unit: 's' });

/** @returns the number that a check has measured, with what stands behind it; nothing where it measured something else */
export function figureOf(claim: string, measured: string): Figure[] {
  const found = /^(-?[\d,]+(?:\.\d+)?)(?![\w:-])\s*([^(\d]*?)\s*(?:\(.*)?$/s.exec(measured);
  const value = Number(found?.[1]?.replaceAll(',', ''));
  return found && Number.isFinite(value) ? [{ name: claim, value, unit: found[2] ?? '' }] : [];
}

function curvesOf(samples: NonNullable<ScenarioJson['samples']>, startMs: number): Curves {
  const curves: Curves = {};
  for (const { atMs, groups } of samples) {
    for (const { group, partitions } of groups) {
      curves[group] ??= [];
      curves[group].push([Math.round((atMs - startMs) / 100) / 10, partitions.reduce((sum, { lag = 0 }) => sum + lag, 0)]);
    }
  }
  return curves;
}

/** What two curves of lag can be compared by: their height, and how long there was any. */
const curveFigures = (curves: Curves): Figure[] =>
  Object.entries(curves).flatMap(([group, points]) => {
    const behind = points.slice(1).map(([at, lag], index) => (lag > 0 ? at - (points[index]?.[0] ?? at) : 0));
    return [
      { name: `highest lag of ${group}`, value: Math.max(0, ...points.map(([, lag]) => lag)), unit: 'records' },
      { name: `time behind of ${group}`, value: Math.round(behind.reduce((sum, seconds) => sum + seconds, 0) * 10) / 10, unit: 's' },
    ];
  });

/** One run from its lab to its report: a lab of its own, or the one that runs here; the report; and everything as it was before. */
import { existsSync, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster } from '../../lab/broker/start-cluster.ts';
import { machineFacts, versionFacts } from '../../lab/report/facts.ts';
import { partName, recordingFileName } from '../../lab/report/recording-link.ts';
import { findRuns } from '../../lab/runs/find-runs.ts';
import { writeIndex } from '../../lab/runs/index-page.ts';
import { usageError } from '../../lab/terminal/exit-codes.ts';
import { isSet, readSettings } from '../../pipeline/settings/read-settings.ts';
import { requireLab } from '../client/lab-client.ts';
import { saveRecording } from '../client/save-recording.ts';
import { waitReady } from '../client/wait-ready.ts';
import { type Connection, connectLab, namesIn } from './connection.ts';
import type { FoundScenario } from './find-scenarios.ts';
import { whyNotHere, whyOwnLab } from './lab-needs.ts';
import { givenSettings } from './own-environment.ts';
import { startOwnLab } from './own-lab.ts';
import { prepareLab } from './prepare-lab.ts';
import type { Progress } from './progress.ts';
import { variablesText } from './report/by-hand-script.ts';
import { type Report, reportOf } from './report/report.ts';
import { settingFacts, variablesThatMatter } from './report/setting-facts.ts';
import { runFolder, writeRun } from './report/write-report.ts';
import { rememberState } from './restore.ts';
import type { Rig } from './rig.ts';
import { runScenario } from './run-scenario.ts';

export type StageOptions = {
  found: FoundScenario;
  options: Record<string, string>;
  env: NodeJS.ProcessEnv;
  /** In the lab that runs in LAB_HOME. */
  here: boolean;
  /** Leaves an own lab running. */
  keep: boolean;
  progress: (lab: () => Connection | undefined) => Progress;
  /** Calls the run off: everything is put back or removed. */
  signal: AbortSignal;
  /** For somebody who does not want to wait for that. */
  hurry: AbortSignal;
};

export type StagedRun = { report: Report; folder: string /** LAB_HOME of a lab that was kept. */; keptHome: string | undefined };

/** @throws ReplaygroundError `interrupted`, `usage`, `lab-not-running`, `not-empty`; those of `./lab up`. An own lab is gone then. */
export async function stageRun(stage: StageOptions): Promise<StagedRun> {
  const { found, env, here, signal, hurry } = stage;
  const { metricsDir } = readSettings(env);
  const begunMs = Date.now();
  const folder = runFolder(metricsDir, found.name, new Date(begunMs));
  let lab: Connection | undefined;
  const progress = stage.progress(() => lab);
  try {
    if (here) {
      lab = await joinLab(stage);
      await using _restored = await rememberState(lab, progress.line);
      await prepareLab(lab, found.scenario, (text) => progress.line(`         ${text}`));
      return { ...(await runIn(lab, undefined, undefined)), keptHome: undefined };
    }
    mkdirSync(folder, { recursive: true });
    const { environment = {}, scale = 1, threeBrokers = false } = found.scenario;
    const say = (text: string): void => progress.line(`         ${text}`);
    const own = await startOwnLab({ env, environment, scale, threeBrokers, folder, say, signal, hurry });
    lab = own.lab;
    let isDone = false;
    try {
      let restarts = 0;
      const run = await runIn(lab, own.cluster, async (more) => {
        restarts += 1;
        if (lab) await record(lab, partName(restarts), begunMs);
        lab = await own.restart(more);
        return lab;
      });
      isDone = true;
      return { ...run, keptHome: stage.keep ? own.home : undefined };
    } finally {
      if (stage.keep && isDone) await own.keep();
      else await own.remove();
    }
  } finally {
    progress.stop();
    // What a run that was called off leaves there is no evidence.
    if (!existsSync(join(folder, 'report.json'))) await rm(folder, { recursive: true, force: true });
  }

  async function record({ client }: Connection, name: string, startMs: number): Promise<void> {
    await saveRecording(client.file, { folder, name, title: found.scenario.title, startMs }, (text) => progress.line(`         ${text}`));
  }

  async function runIn(connection: Connection, cluster: Cluster | undefined, restartLab: Rig['restartLab']) {
    const outcome = await runScenario(found.scenario, {
      lab: connection,
      options: stage.options,
      folder,
      cluster,
      restartLab,
      watcher: progress,
      signal,
    });
    const current = lab ?? connection;
    const { settings } = current;
    await record(current, recordingFileName, outcome.startMs);
    const given = here ? {} : variablesThatMatter(givenSettings(env));
    const report = reportOf(found, outcome, {
      options: stage.options,
      environment: { ...given, ...found.scenario.environment },
      command: variablesText(given) + commandOf(stage),
      names: namesIn(settings),
      versions: versionFacts(!here || !isSet('kafkaBrokers', env)),
      machine: machineFacts(),
      settings: settingFacts(settings),
    });
    const written = writeRun(folder, report, findRuns(metricsDir));
    writeIndex(metricsDir);
    return { report: written, folder };
  }
}

/** The lab that runs here must be whole, and must not need what only a lab of its own can have. */
async function joinLab({ found, env, signal }: StageOptions): Promise<Connection> {
  const { name, scenario } = found;
  const refuse = (why: string | null): void => {
    if (why !== null) throw usageError(`${name} needs a lab of its own (${why}): ./lab run ${nameToRun(found)}`);
  };
  refuse(whyOwnLab(scenario));
  const settings = readSettings(env);
  const { processes } = await (await requireLab(settings.labHome)).state();
  refuse(whyNotHere(scenario, processes));
  await waitReady(settings.labHome, () => {}, signal);
  return await connectLab(settings, env);
}

const nameToRun = ({ name, file }: FoundScenario): string => (file.includes(`scenarios/${name}/`) ? name : file);

function commandOf({ found, options, here }: StageOptions): string {
  const given = Object.entries(options).map(([option, value]) => `--${option} ${value}`);
  return ['./lab run', nameToRun(found), ...(here ? ['--here'] : []), ...given].join(' ');
}

/** Scenarios that the page asks for: one at a time, in this lab, told step by step. */
import { type ChildProcess, fork } from 'node:child_process';
import { basename, dirname, extname, join } from 'node:path';
import type { Marks } from '../../lab/watch/samples/timeline-marks.ts';
import { problem } from '../../pipeline/service/problem.ts';
import { scenarioCommand } from '../commands/write-commands.ts';
import { allScenarios, scenarioNames } from '../scenario/find-scenarios.ts';
import { whyOwnLab } from '../scenario/lab-needs.ts';
import type { ScenarioInfo, ScenarioRun, Terminal } from '../wire/all.ts';
import type { ScenarioNews } from './scenario-process.ts';

export type ScenarioRunnerOptions = {
  /** Of this lab: LAB_HOME is how the scenario finds it. */
  env: () => NodeJS.ProcessEnv;
  marks: Marks;
  terminal: () => Terminal;
  onChange: (run: ScenarioRun) => void;
};

/** The same ending as this file: `.ts` here, `.js` once compiled. */
const file = join(import.meta.dirname, `scenario-process${extname(import.meta.filename)}`);
const mostSteps = 500;
/** Enough for the reason why a process could not start (characters). */
const keptStderr = 4000;

export class ScenarioRunner implements Disposable {
  readonly #options: ScenarioRunnerOptions;
  #child: ChildProcess | undefined;
  #run: ScenarioRun | null = null;
  #stopped = false;

  constructor(options: ScenarioRunnerOptions) {
    this.#options = options;
  }

  /** The run under way, or the last one. */
  get state(): ScenarioRun | null {
    return this.#run;
  }

  /** @returns what there is to run; a scenario that needs a lab of its own says so */
  async list(): Promise<ScenarioInfo[]> {
    return (await allScenarios()).map(({ name, scenario }) => {
      const needsOwn = whyOwnLab(scenario) !== null;
      return {
        name,
        title: scenario.title,
        summary: scenario.summary,
        needsOwnLab: needsOwn,
        command: scenarioCommand(this.#options.terminal(), name, !needsOwn),
      };
    });
  }

  /** @throws HttpProblem 404 for an unknown one, 409 while one runs */
  start(name: string): ScenarioRun {
    if (this.#run?.state === 'running')
      throw problem(409, 'Scenario under way', `${this.#run.name} runs already: wait until it is over, or stop it`);
    if (!scenarioNames().includes(name)) throw problem(404, 'Not Found', `there is no scenario ${JSON.stringify(name)}`);
    this.#stopped = false;
    this.#options.marks.add('scenario', name, `${name} begins`);
    const run = this.#change({
      name,
      state: 'running',
      startedAt: new Date().toISOString(),
      finishedAt: null,
      steps: [],
      report: null,
      error: null,
      command: scenarioCommand(this.#options.terminal(), name, true),
    });
    const child = fork(file, [name], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env: this.#options.env() });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-keptStderr);
    });
    this.#child = child;
    child.on('message', (news: ScenarioNews) => this.#take(news));
    child.on('error', (error) => this.#finish('failed', error.message));
    child.on('close', (code, signal) => {
      const why = said.split('\n').find((line) => /Error/.test(line));
      this.#finish('failed', `it ended by itself (${signal ?? `exit code ${code}`})${why ? `: ${why.trim()}` : ''}`);
    });
    return run;
  }

  /** Ends the run early: it puts the lab back as it was. */
  stop(): ScenarioRun {
    if (this.#run === null) throw problem(404, 'Not Found', 'there was no scenario yet');
    this.#stopped = true;
    this.#child?.kill('SIGTERM');
    return this.#run;
  }

  [Symbol.dispose](): void {
    this.#child?.kill('SIGKILL');
  }

  #take(news: ScenarioNews): void {
    if (news.type === 'error') this.#finish('failed', news.message);
    else if (news.type === 'over')
      this.#finish(news.held ? 'passed' : 'failed', news.held ? null : 'not every check held', reportPath(news.folder));
    else this.#addStep(news);
  }

  #addStep({ text, state }: { text: string; state: ScenarioRun['steps'][number]['state'] }): void {
    if (!this.#run) return;
    // The end of a step takes the place of its beginning.
    const { steps } = this.#run;
    const begun = steps.findLastIndex((step) => step.state === 'running' && text.startsWith(step.text));
    const next = begun < 0 ? [...steps, { text, state }] : steps.with(begun, { text, state });
    this.#change({ ...this.#run, steps: next.slice(-mostSteps) });
  }

  #finish(state: 'passed' | 'failed', error: string | null, report: string | null = null): void {
    const run = this.#run;
    if (run?.state !== 'running') return;
    this.#child = undefined;
    const end = this.#stopped ? 'stopped' : state;
    this.#options.marks.add('scenario', run.name, `${run.name} ${end}`);
    this.#change({ ...run, state: end, finishedAt: new Date().toISOString(), error: this.#stopped ? null : error, report });
  }

  #change(run: ScenarioRun): ScenarioRun {
    this.#run = run;
    this.#options.onChange(run);
    return run;
  }
}

/** @returns where this lab serves the report */
const reportPath = (folder: string): string =>
  `/reports/${[basename(dirname(folder)), basename(folder)].map(encodeURIComponent).join('/')}/report.html`;

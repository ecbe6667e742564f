/** The lab as other programs use it: what `--json` of the verbs prints, on a real lab. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { execa, execaSync } from 'execa';
import type { Explanation } from '../../src/lab/wire/explanation.ts';
import { type AnswerName, answers } from '../../src/order-lab/answers/answer-table.ts';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';
import { answerOf, fits } from '../support/answers.ts';
import { connectAssistant, type McpAnswer } from '../support/mcp-client.ts';
import { startOwnLab, withLogs } from '../support/running-lab.ts';
import { until } from '../support/until.ts';

const lab = await startOwnLab();
after(() => lab[Symbol.asyncDispose]());

/** Streams, see below; what takes minutes, and what needs a lab that is gone: their own tests hold them against the schemas too. */
const shownElsewhere = [
  'down',
  'reset',
  'set-system',
  'lag-watch',
  'offsets-share',
  'replay-system',
  'ledger-system',
  'metrics-watch',
  'run',
  'results-compare',
  'crash-test',
  'compare',
  'system-new',
  'bench',
  'schema',
  'error',
];

const main = join(projectRoot, 'src/order-lab/cli/main.ts');
const { KAFKA_BROKERS: _shared, ...inherited } = process.env;
const env = { ...inherited, LAB_HOME: lab.home };

const analytics = ['--group', 'analytics-group'];
const poison = { kind: 'poison' };

/** In this order: each prints something that is worth a look. */
const commands: readonly (readonly string[])[] = [
  ['up', '--detach'],
  ['ps'],
  ['burst', '300'],
  ['explain'],
  ['set', 'inventory-service', 'throttle=1ms'],
  ['set', 'inventory-service', '--defaults'],
  ['scale', 'inventory-service=2'],
  ['scale', 'inventory-service=3', '--what-if'],
  ['autoscale'],
  ['kill', 'inventory-service.2'],
  ['metrics', '--wait'],
  ['lag'],
  ['lag', 'no-such-group', '--members'],
  ['lag', '--groups'],
  ['tail', 'order-events', '-n', '3'],
  ['tail', 'order-events.dlq', '-n', '1'],
  ['dlq', 'list'],
  ['dlq', 'show', 'order-events', '0:0'],
  ['dlq', 'redrive', 'order-events', '--all'],
  ['dlq', 'redrive', 'order-events', '--all', '--execute'],
  ['dlq', 'list', 'order-events'],
  ['ledger'],
  ['offsets', 'plan', ...analytics, '--all-topics', '--to-earliest'],
  ['stop', 'analytics-service'],
  ['offsets', 'reset', ...analytics, '--all-topics', '--to-earliest', '--execute'],
  ['offsets', 'undo', ...analytics],
  ['offsets', 'undo', ...analytics, '--list'],
  ['start', 'analytics-service'],
  ['restart', 'inventory-service.1'],
  ['replay'],
  ['logs', '-n', '5'],
  ['scenarios'],
  ['systems'],
  ['system', 'schema'],
  ['record'],
  ['results'],
  ['doctor'],
];

test('every verb prints with --json what its schema says', async () => {
  await until(async () => (await fetch(`${lab.url}/api/lab`)).ok, { what: 'the lab answers' });
  const sent = await fetch(`${lab.url}/api/records`, {
    method: 'POST',
    headers: { origin: lab.url, 'content-type': 'application/json' },
    body: JSON.stringify(poison),
  });
  assert.equal(sent.status, 200);
  const seen = new Set<AnswerName | undefined>();
  for (const command of commands) {
    const args = [...command, '--json'];
    if (command[0] === 'dlq' && command[1] === 'list')
      await until(async () => (await lab.run(...args)).includes('"letter"'), { what: 'the letter is there' });
    const printed = await withLogs(lab, lab.run(...args));
    assert.notEqual(printed.trim(), '', command.join(' '));
    seen.add(answerOf(args));
  }
  assert.deepEqual(
    Object.keys(answers).filter((name) => !seen.has(name as AnswerName)),
    shownElsewhere,
  );
});

test('a stream is a line of JSON each time', async () => {
  for (const [verb, name] of [
    ['lag', 'lag-watch'],
    ['metrics', 'metrics-watch'],
  ] as const) {
    const watching = execa(process.execPath, ['--disable-warning=ExperimentalWarning', main, verb, '--watch', '--json'], {
      env,
      extendEnv: false,
      reject: false,
    });
    let lines = 0;
    for await (const line of watching) {
      fits(name, JSON.parse(line));
      lines += 1;
      if (lines === 2) watching.kill();
    }
    assert.ok(lines >= 2, verb);
  }
});

const textOf = ({ content }: McpAnswer): string => content.map(({ text }) => text).join('\n');

test('an assistant gets the explanations of the lab, and every tool that only looks answers by its schema', async () => {
  await using assistant = await connectAssistant(env);
  const { tools } = await assistant.client.listTools();
  assert.ok(tools.length >= 15);
  for (const { name, annotations, description, outputSchema } of tools) {
    assert.equal(annotations?.readOnlyHint, true, name);
    assert.ok(description && outputSchema, name);
  }
  const inputs: Record<string, Record<string, unknown>> = {
    offsets_plan: { group: 'analytics-group', to: 'earliest' },
    offsets_backups: { group: 'analytics-group' },
    records: { topic: 'order-events', count: 2, from: 'earliest' },
    redrive_plan: { topic: 'order-events' },
    lag: { groups: ['inventory-service-group'] },
    logs: { services: ['lab'], lines: 3 },
  };
  for (const { name } of tools) {
    const answer = await assistant.call(name, inputs[name]);
    assert.notEqual(answer.isError, true, `${name}: ${textOf(answer)}`);
    assert.ok(answer.structuredContent, name);
  }
  const { insights, groups } = (await assistant.call('explain')).structuredContent as Explanation;
  assert.ok(insights.length > 0);
  assert.deepEqual(groups.map(({ group }) => group).sort(), ['analytics-group', 'inventory-service-group']);
});

test('what is wrong is the error of a tool, and no value is taken for an option', async () => {
  await using assistant = await connectAssistant(env);
  const nowhere = await assistant.call('records', { topic: 'no-such-topic' });
  assert.equal(nowhere.isError, true);
  assert.match(textOf(nowhere), /there is no topic 'no-such-topic'.* \(usage\)/);
  const sneaky = await assistant.call('offsets_plan', { group: '--execute', to: 'earliest' });
  assert.equal(sneaky.structuredContent?.executed ?? false, false);
  const operand = await assistant.call('redrive_plan', { topic: '--execute' });
  assert.match(textOf(operand), /there is no topic '--execute/);
  assert.equal((await assistant.call('records', { topic: 'order-events', count: 100_000 })).isError, true);
  await assert.rejects(async () => {
    const refused = await assistant.call('burst', { count: 1 });
    if (refused.isError) throw new Error(textOf(refused));
  }, /burst/);
});

test('with --allow-changes it can scale, kill, set, burst, and move offsets there and back', async () => {
  await using assistant = await connectAssistant(env, '--allow-changes');
  const { tools } = await assistant.client.listTools();
  const changing = tools.filter(({ annotations }) => annotations?.readOnlyHint === false);
  assert.deepEqual(
    changing.map(({ name, annotations }) => [name, annotations?.destructiveHint]),
    [
      ['set', false],
      ['scale', false],
      ['burst', false],
      ['kill', true],
      ['stop', true],
      ['start', false],
      ['offsets_reset', true],
      ['offsets_undo', true],
      ['redrive', false],
    ],
  );
  const done = async (name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const answer = await assistant.call(name, args);
    assert.notEqual(answer.isError, true, `${name}: ${textOf(answer)}`);
    return answer.structuredContent ?? {};
  };
  const { processes } = (await done('scale', { service: 'inventory-service', count: 3 })) as { processes: unknown[] };
  assert.equal(processes.length, 3);
  assert.deepEqual((await done('set', { service: 'inventory-service', throttleMs: 2 })).set, { throttleMs: 2 });
  await done('set', { service: 'inventory-service', defaults: true });
  assert.equal((await done('burst', { count: 50, seed: 'mcp' })).produced, 50);
  await done('kill', { service: 'inventory-service.3' });
  await done('metrics', { wait: true });
  await done('stop', { service: 'analytics-service' });
  assert.equal((await done('offsets_reset', { group: 'analytics-group', to: 'earliest' })).executed, true);
  assert.equal((await done('offsets_undo', { group: 'analytics-group' })).executed, true);
  await done('start', { service: 'analytics-service' });
  assert.equal((await done('redrive', { topic: 'order-events' })).executed, true);
});

test('without a lab it says how to start one', async () => {
  const home = mkdtempSync(join(tmpdir(), 'replayground-mcp-'));
  try {
    await using assistant = await connectAssistant({ ...env, LAB_HOME: home });
    const answer = await assistant.call('explain');
    assert.equal(answer.isError, true);
    assert.match(textOf(answer), /no lab is running in .*: start one with \.\/lab up \(lab-not-running\)/);
  } finally {
    rmSync(home, { recursive: true });
  }
});

const scriptFor = async (shell: string): Promise<string> =>
  (await execa(process.execPath, ['--disable-warning=ExperimentalWarning', main, 'completion', shell], { env, extendEnv: false })).stdout;

test('bash completes with what the running lab has', async () => {
  const script = await scriptFor('bash');
  const complete = async (...words: string[]): Promise<string[]> => {
    const ask = `${script}
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_replayground_lab 2>/dev/null
printf '%s\\n' "\${COMPREPLY[@]}"`;
    return (await execa('bash', ['-c', ask, 'bash', ...words], { env, extendEnv: false })).stdout.split('\n');
  };
  assert.deepEqual(await complete('./lab', 'kill', 'inventory-service.'), [
    'inventory-service.1',
    'inventory-service.2',
    'inventory-service.3',
  ]);
  assert.deepEqual(await complete('./lab', 'scale', ''), ['inventory-service=', 'analytics-service=', 'notification-service=']);
  assert.deepEqual(await complete('lab', 'set', 'inventory-service', 'paused', '='), ['true', 'false']);
  assert.deepEqual(await complete('./lab', 'lag', 'ana'), ['analytics-group']);
  assert.deepEqual(await complete('./lab', 'tail', 'order'), ['order-events', 'order-events.dlq']);
  assert.deepEqual(await complete('./lab', 'run', 'consumer'), ['consumer-lag']);
  assert.deepEqual(await complete('./lab', 'crash-test', 'python-auto'), ['python-autocommit']);
  assert.deepEqual(await complete('./lab', 'offsets', 're'), ['reset']);
  assert.deepEqual(await complete('./lab', 'lag', '--wa'), ['--watch']);
  const witness = join(lab.home, 'evaluated');
  await complete('./lab', 'kill', `$(touch ${witness})`);
  assert.equal(existsSync(witness), false, 'what is typed is never evaluated');
});

const lacks = (shell: string): string | false =>
  execaSync(shell, ['--version'], { reject: false }).exitCode !== 0 && `needs ${shell} on PATH`;

test('zsh completes with the same', { skip: lacks('zsh') }, async () => {
  // What zsh's own completion would set and take: the words, where the cursor is, and the values.
  const around = `compdef() { : }
compadd() { print -rl -- "\${(@P)@[-1]}" }
${await scriptFor('zsh')}
words=("$@" '') CURRENT=$# PREFIX=\${@[-1]}
_replayground_lab`;
  const complete = async (...words: string[]): Promise<string[]> =>
    (await execa('zsh', ['-f', '-c', around, 'zsh', ...words], { env, extendEnv: false })).stdout.split('\n').filter((line) => line !== '');
  assert.deepEqual(await complete('./lab', 'kill', 'inventory-service.'), [
    'inventory-service.1',
    'inventory-service.2',
    'inventory-service.3',
  ]);
  assert.deepEqual(await complete('./lab', 'scale', ''), ['inventory-service=', 'analytics-service=', 'notification-service=']);
});

test('fish completes with the same', { skip: lacks('fish') }, async () => {
  const complete = async (typed: string): Promise<string[]> => {
    const ask = `${await scriptFor('fish')}\ncomplete -C '${typed}'`;
    const { stdout } = await execa('fish', ['--no-config', '-c', ask], { env: { ...env, HOME: lab.home }, extendEnv: false });
    return stdout.split('\n').map((line) => line.split('\t')[0] ?? '');
  };
  assert.deepEqual(await complete('./lab kill inventory-service.'), ['inventory-service.1', 'inventory-service.2', 'inventory-service.3']);
  assert.deepEqual(await complete('./lab offsets re'), ['reset']);
});

/** The lab as other programs use it: what `--json` of the verbs prints, on a real lab. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { execa } from 'execa';
import { type AnswerName, answers } from '../../src/lab/answers/answer-table.ts';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';
import { answerOf, fits } from '../support/answers.ts';
import { startOwnLab, withLogs } from '../support/running-lab.ts';
import { until } from '../support/until.ts';

const lab = await startOwnLab();
after(() => lab[Symbol.asyncDispose]());

/** Streams, see below; what takes minutes, and what needs a lab that is gone: their own tests hold them against the schemas too. */
const shownElsewhere = [
  'down',
  'reset',
  'lag-watch',
  'ledger-system',
  'metrics-watch',
  'run',
  'crash-test',
  'compare',
  'bench',
  'schema',
  'error',
];

const main = join(projectRoot, 'src/lab/cli/main.ts');
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

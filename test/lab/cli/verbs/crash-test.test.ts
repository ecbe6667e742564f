import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { readRecording } from '../../../support/read-recording.ts';
import { type Cli, newCli } from '../../../support/run-cli.ts';

const consumers = join(import.meta.dirname, '../../crash-test/consumers');

/** A system in a folder with a space in its name, and the command line, which runs it on the Kafka of the tests. */
function stage(change: (yaml: string) => string = (yaml) => yaml): Disposable & { folder: string; cli: Cli } {
  const cli = newCli({ PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) });
  const folder = mkdtempSync(join(tmpdir(), 'a system '));
  const yaml = readFileSync(join(consumers, 'system.yaml'), 'utf8').replace(
    'consumer.mjs',
    JSON.stringify(join(consumers, 'consumer.mjs')),
  );
  writeFileSync(join(folder, 'system.yaml'), change(yaml));
  return {
    folder,
    cli,
    [Symbol.dispose]() {
      cli[Symbol.dispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** All that `--json` prints, by name. */
const keys = ['faults', 'firstFindings', 'minutes', 'report', 'seed', 'sent', 'sometimes', 'system', 'verdict'];
const verdictKeys = ['behavesAs', 'cameBack', 'claim', 'held', 'invented', 'lost', 'outOfOrder', 'poisoned', 'repeated', 'stalledSec'];

suite('./lab crash-test', { concurrency: 3 }, () => {
  test('a whole run as one object, with a page, JSON and JUnit beside it; exit code 0', async () => {
    using one = stage();
    const out = join(one.folder, 'out');
    const args = ['--minutes', '0.1', '--faults', 'duplicate,stop', '--seed', '1', '--out', out, '--json'];
    const { exitCode, stdout, stderr } = await one.cli.run('crash-test', one.folder, ...args);
    assert.equal(exitCode, 0, stderr);
    const result = JSON.parse(stdout);
    assert.deepEqual(Object.keys(result).sort(), keys);
    assert.deepEqual(Object.keys(result.verdict).sort(), verdictKeys);
    assert.equal(result.verdict.behavesAs, 'exactly-once');
    assert.deepEqual(Object.keys(result.sometimes[0]), ['situation', 'times', 'needed']);
    const stop = result.faults.find(({ kind }: { kind: string }) => kind === 'stop');
    assert.match(stop.at, /^\d{4}-\d\d-\d\dT.*Z$/);
    assert.deepEqual([stop.lost, stop.repeated], [0, 0]);
    assert.match(stderr, /no broker is struck; what is made there begins with crash-test-/);
    const page = readFileSync(result.report, 'utf8');
    assert.match(page, /What each kind of fault has cost/);
    assert.equal(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')).outcome, 'held');
    assert.match(readFileSync(join(out, 'junit.xml'), 'utf8'), /<property name="verdict" value="held: behaves as exactly-once/);
    assert.match(page, /<a href="recording.html"><b>Play this run back/);
    assert.match(page, /Beside the runs before/);
    const { frames, samples, marks, looks } = await readRecording(join(out, 'recording.html'));
    assert.ok(frames.length >= 6 && samples.length >= 3, `${frames.length} seconds, ${samples.length} samples`);
    assert.ok(frames.some(({ live }) => live.groups[0]?.members.length === 2));
    assert.ok(samples.some(({ committed }) => Number(committed[0]) > 0));
    const { target } = stop;
    assert.match(JSON.stringify(looks.find(({ path }) => path.includes(target))?.body), /SIGTERM|it ended/);
    assert.ok(
      marks.some(({ kind, subject }) => kind === 'stop' && subject === target),
      JSON.stringify(marks),
    );
  });

  test('a claim that does not hold: exit code 1, and the verdict in words', async () => {
    using one = stage((yaml) => yaml.replace('correct', 'invents').replace('topics:', 'claims: exactly-once\ntopics:'));
    const { exitCode, stdout } = await one.cli.run('crash-test', one.folder, '--minutes', '0.1', '--faults', 'duplicate', '--seed', '1');
    assert.equal(exitCode, 1, stdout);
    assert.match(stdout, /NOT HELD: behaves as none; it claims exactly-once/);
    assert.match(stdout, /unexpected \(Jepsen: unexpected\) new-r-40: never came in; out /);
  });

  test('a run that never struck: exit code 3, and what it did not reach', async () => {
    using one = stage();
    // The first fault of this seed would come when the time is over.
    const { exitCode, stdout } = await one.cli.run('crash-test', one.folder, '--minutes', '0.1', '--faults', 'stop', '--seed', '1');
    assert.equal(exitCode, 3, stdout);
    assert.match(stdout, /INCONCLUSIVE: .* never reached: a stop and a start under load/);
  });

  test('wrong use, a wrong file and a system that does not start: exit code 2, one line each', async () => {
    using one = stage((yaml) => yaml.replace(/command: .*/, 'command: [node, -e, "console.log(\'no such topic\'); process.exit(4)"]'));
    using wrong = stage((yaml) => yaml.replace('id: key', 'id: kee'));
    const results = await Promise.all([
      one.cli.run('crash-test', one.folder),
      wrong.cli.run('crash-test', wrong.folder),
      one.cli.run('crash-test', one.folder, '--brokers', '3'),
      one.cli.run('crash-test', one.folder, '--faults', 'broker'),
      one.cli.run('crash-test', 'no-such-system'),
    ]);
    const expected = [
      /copier\.\d does not start: it ended 3 times: exit code 4; it wrote: no such topic/,
      /system\.yaml:16:\d+: ledger\.0\.id is "kee": allowed is key/,
      /--brokers 3 is not allowed with KAFKA_BROKERS=/,
      /--faults broker is not allowed with KAFKA_BROKERS=/,
      /there is no system no-such-system: give a folder/,
    ];
    for (const [index, { exitCode, stderr }] of results.entries()) {
      assert.match(stderr, expected[index] as RegExp);
      assert.equal(exitCode, 2, stderr);
    }
  });
});

test('./lab compare skips a system whose toolchain is missing, and has a row for one that does not start', async () => {
  using without = stage((yaml) => yaml.replace(/command: .*/, 'command: [no-such-compiler]'));
  const skipped = await without.cli.run('compare', without.folder);
  assert.equal(skipped.exitCode, 0, skipped.stderr);
  assert.match(skipped.stderr, /consumer-with-a-fault needs no-such-compiler, which is not on PATH/);
  assert.match(skipped.stdout, / skipped$/m);
  using ends = stage((yaml) => yaml.replace(/command: .*/, 'command: [node, -e, "process.exit(4)"]'));
  const failed = await ends.cli.run('compare', ends.folder);
  assert.equal(failed.exitCode, 1, failed.stderr);
  assert.match(failed.stdout, / did not run$/m);
});

/**
 * Turns off one safeguard after the other, in a copy of the checkout, and runs the storm test that must notice: a test that fails for no
 * mutant proves nothing. `./lab test --mutants`; not part of the tests themselves.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { note, print, printTable } from '../../src/lab/terminal/output.ts';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';

type Mutant = {
  safeguard: string;
  file: string;
  /** Stands in the file once. */
  find: string;
  replace: string;
  caughtBy: { file: string; name: string };
  /** What the test says when it notices: that it fails for the right reason. */
  says: RegExp;
};

const crashPoints = 'test/storms/crash-points.test.ts';

const mutants: readonly Mutant[] = [
  {
    safeguard: 'offsets in the transaction',
    file: 'src/kafka/exactly-once/transactional-producer.ts',
    find: 'return await this.#producer.transact(batch, positions, consumer, transactionTimeoutMs);',
    replace: 'return void (await consumer.commit(positions), await this.#producer.transact(batch, [], null, transactionTimeoutMs));',
    caughtBy: { file: crashPoints, name: 'when all is in the transaction and it is not committed' },
    says: /none without a decision/,
  },
  {
    safeguard: 'fencing by transactional.id',
    file: 'src/kafka/exactly-once/transactional-producer.ts',
    find: "'transactional.id': transactionalId,",
    replace: "'transactional.id': transactionalId + process.pid,",
    caughtBy: { file: 'test/storms/zombie.test.ts', name: 'a zombie whose instance has a new life is fenced' },
    says: /took over as instance 1/,
  },
  {
    safeguard: 'rebuild of the store from the log',
    file: 'src/pipeline/inventory/on-order-placed.ts',
    find: 'from: Math.max(decided.position(partition) ?? 0, low), to: high });',
    replace: 'from: high, to: high });',
    caughtBy: { file: crashPoints, name: 'when Kafka has committed and the store knows nothing of it' },
    says: /decided twice/,
  },
  {
    safeguard: 'de-duplication by order id',
    file: 'src/pipeline/inventory/on-order-placed.ts',
    find: '} else if (deduplicate && (',
    replace: '} else if (deduplicate && Date.now() < 0 && (',
    caughtBy: { file: crashPoints, name: 'when Kafka has committed and the store knows nothing of it' },
    says: /decided twice/,
  },
  {
    safeguard: "marker in analytics' offset commits",
    file: 'src/pipeline/analytics/view-loop.ts',
    find: 'metadata: marked(position) }));',
    replace: '}));',
    caughtBy: { file: crashPoints, name: 'of analytics, when its store is ahead' },
    says: /the store goes on where it was/,
  },
  {
    safeguard: "a call's deadline of our own",
    file: 'src/kafka/bridge/bridge-error.ts',
    find: 'return await Promise.race([call(), late.promise]);',
    replace: 'return await (late.promise.catch(() => {}), call());',
    caughtBy: { file: 'test/storms/silent-kafka.test.ts', name: 'a transaction that nobody answers' },
    // What comes instead is the test's own end of patience, or librdkafka's, whichever is sooner.
    says: /- +'kafka-deadline'/,
  },
  {
    safeguard: 'end of a process that was not answered in time',
    file: 'src/kafka/exactly-once/transactional-producer.ts',
    find: 'if (next === undefined) throw this.#refusal(refused, error, { batch: mark.count, letters: tried, positions });',
    replace: 'if (next === undefined) { batch.backTo(mark); await this.abort().catch(() => {}); continue; }',
    caughtBy: { file: 'test/storms/silent-kafka.test.ts', name: 'a service whose transaction nobody answers' },
    says: /the service ends/,
  },
  {
    safeguard: 'what a replay holds back, until it is read again',
    file: 'src/pipeline/analytics/replayer.ts',
    find: '[this.#heldBy, this.underWay]',
    replace: '[this.underWay]',
    caughtBy: { file: 'test/pipeline/analytics/replayer.test.ts', name: 'what a replay held back is held back' },
    says: /a batch that was on its way is cut/,
  },
];

const deadlineMs = 240_000;

/** @returns the file with the safeguard turned off */
function mutated({ file, find, replace, safeguard }: Mutant): string {
  const text = readFileSync(join(projectRoot, file), 'utf8');
  const parts = text.split(find);
  if (parts.length === 2) return parts.join(replace);
  throw new Error(
    `${safeguard}: ${JSON.stringify(find)} stands ${parts.length - 1} times in ${file}, not once: change test/storms/mutants.ts`,
  );
}

type Verdict = { passed: boolean; output: string; seconds: number };

/** Runs the tests whose names begin so, in the copy. */
async function runTest(copy: string, { file, name }: Mutant['caughtBy']): Promise<Verdict> {
  const startedAt = Date.now();
  const pattern = name.replaceAll(/[^\w\s]/g, '.');
  const args = ['--disable-warning=ExperimentalWarning', '--test', `--test-name-pattern=${pattern}`, join(copy, file)];
  const { exitCode, all = '' } = await execa(process.execPath, args, { cwd: copy, reject: false, all: true, timeout: deadlineMs });
  // A name that fits no test would pass.
  const ran = Number(/^. pass (\d+)$/m.exec(all)?.[1] ?? 0) + Number(/^. fail (\d+)$/m.exec(all)?.[1] ?? 0);
  if (ran === 0) throw new Error(`no test ran in ${file} for ${JSON.stringify(name)}:\n${all}`);
  return { passed: exitCode === 0, output: all, seconds: Math.round((Date.now() - startedAt) / 1000) };
}

async function main(): Promise<void> {
  const edits = mutants.map((mutant) => ({ mutant, text: mutated(mutant) }));
  const copy = mkdtempSync(join(tmpdir(), 'replayground-mutants-'));
  try {
    for (const part of ['src', 'test', 'native', 'package.json']) cpSync(join(projectRoot, part), join(copy, part), { recursive: true });
    symlinkSync(join(projectRoot, 'node_modules'), join(copy, 'node_modules'));
    const rows: (string | number)[][] = [];
    let escaped = 0;
    const tests = new Map(mutants.map(({ caughtBy }) => [caughtBy.name, caughtBy]));
    for (const caughtBy of tests.values()) {
      note(`as it is: ${caughtBy.name}`);
      const { passed, output } = await runTest(copy, caughtBy);
      if (!passed) throw new Error(`the test fails without any mutant, so it proves nothing:\n${output}`);
    }
    for (const { mutant, text } of edits) {
      note(`without ${mutant.safeguard}: ${mutant.caughtBy.name}`);
      writeFileSync(join(copy, mutant.file), text);
      const { passed, output, seconds } = await runTest(copy, mutant.caughtBy);
      cpSync(join(projectRoot, mutant.file), join(copy, mutant.file));
      const said =
        output.split('\n').find((line) => /Error/.test(line) && mutant.says.test(line)) ??
        output.split('\n').find((line) => mutant.says.test(line));
      const caught = !passed && said !== undefined;
      if (!caught) {
        escaped += 1;
        note(output);
      }
      const verdict = caught ? 'caught' : passed ? 'NOT CAUGHT' : 'FAILED FOR ANOTHER REASON';
      rows.push([mutant.safeguard, verdict, `${mutant.caughtBy.file}: ${mutant.caughtBy.name}`, seconds]);
    }
    printTable(['WITHOUT', 'VERDICT', 'BY', 'SECONDS'], rows);
    print(`${rows.length - escaped} of ${rows.length} mutants caught`);
    if (escaped > 0) process.exitCode = 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

await main();

/** The scenarios of docs/scenarios.md, as they stand there, in a folder outside of the checkout. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import { projectRoot } from '../src/pipeline/settings/read-settings.ts';

const page = readFileSync(join(projectRoot, 'docs/scenarios.md'), 'utf8');
const client = 'node_modules/@confluentinc/kafka-javascript';

describe('a scenario in a folder of its own', () => {
  const parent = mkdtempSync(join(tmpdir(), 'elsewhere-'));
  const folder = join(parent, 'mine');
  before(() => {
    symlinkSync(projectRoot, join(parent, 'replayground'));
    // As `npm install` leaves it.
    mkdirSync(dirname(join(folder, client)), { recursive: true });
    symlinkSync(join(projectRoot, client), join(folder, client));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
    for (const [, text = '', name = ''] of page.matchAll(/^```(?:ts|json)\n(\/\/ (\S+)\n[^`]+)^```$/gm))
      writeFileSync(join(folder, name), text);
  });
  after(() => rmSync(parent, { recursive: true, force: true }));

  const { PATH = '', HOME = parent, LAB_CACHE } = process.env;
  const type = (command: string) =>
    execa('sh', ['-c', command], {
      cwd: folder,
      env: { PATH, HOME, ...(LAB_CACHE && { LAB_CACHE }), TMPDIR: parent, LAB_HOME: join(parent, '.lab') },
      extendEnv: false,
      reject: false,
      timeout: 300_000,
    });
  const write = (name: string, ...lines: string[]): void => writeFileSync(join(folder, name), `${lines.join('\n')}\n`);

  it('runs by its path, with its options', async () => {
    const { exitCode, stdout, stderr } = await type('../replayground/lab run ./mine.ts --orders 200');
    assert.equal(exitCode, 0, stdout + stderr);
    assert.match(stdout, /^held +analytics has counted every decision\n +expected 200, measured 200$/m);
    assert.match(stdout, /^ +\/.*\/mine\/.*\/metrics_output\.txt$/m);
  });

  it('reaches Kafka by a client of its own', async () => {
    const { exitCode, stdout, stderr } = await type('../replayground/lab run ./own-client.ts');
    assert.equal(exitCode, 0, stdout + stderr);
    assert.match(stdout, /^held +both records are in the log$/m);
    assert.match(stdout, /^held +no order is decided twice$/m);
  });

  it('is typed: what the lab cannot do is an error of the compiler', async () => {
    write(
      'wrong.ts',
      "import type { Stage } from 'replayground';",
      'export async function wrong({ lab, check }: Stage): Promise<void> {',
      '  // @ts-expect-error there is no such step',
      '  await lab.explode();',
      '  // @ts-expect-error a count is a number',
      "  await lab.burst('many');",
      '  // @ts-expect-error nothing to look at when it does not hold',
      "  check('one is one', { measured: 1, equals: 1 });",
      '  const protocol: string = lab.kafka.librdkafka["security.protocol"];',
      '  await lab.kafkaTool(protocol, lab.kafka.kafkajs.brokers);',
      '}',
    );
    const { exitCode, stdout, stderr } = await type(
      '../replayground/lab node ../replayground/node_modules/typescript/bin/tsc --pretty false',
    );
    assert.equal(exitCode, 0, stdout + stderr);
  });

  it('says in one line why it cannot be loaded', async () => {
    write('no-such-export.ts', '', "import { explode } from 'replayground';", 'explode();');
    write('type.ts', "import { Stage } from 'replayground';", 'export default {} as Stage;');
    write('inside.ts', "import 'replayground/src/kafka/errors.ts';");
    write('no-package.ts', "import 'no-such-package';");
    write('no-default.ts', "import { defineScenario } from 'replayground';", 'export const mine = defineScenario;');
    write('syntax.ts', 'export default', '  const;');
    write('uses-syntax.ts', "import './syntax.ts';");
    for (const [file, line] of [
      ['no-such-export.ts', /no-such-export\.ts cannot be loaded: .*does not provide an export named 'explode'.*, line 2$/],
      ['type.ts', /does not provide an export named 'Stage' \(a type is imported by `import type`\), line 1$/],
      ['inside.ts', /inside\.ts cannot be loaded: Package subpath '\.\/src\/kafka\/errors\.ts' is not defined by "exports"/],
      ['no-package.ts', /no-package\.ts cannot be loaded: Cannot find package 'no-such-package' imported from .*no-package\.ts$/],
      ['no-default.ts', /no-default\.ts is no scenario: its default export needs title, summary and run/],
      ['syntax.ts', /syntax\.ts cannot be loaded: .*, line 2$/],
      ['uses-syntax.ts', /uses-syntax\.ts cannot be loaded: .*\/syntax\.ts line 2$/],
    ] as const) {
      const { exitCode, stdout, stderr } = await type(`../replayground/lab run ./${file}`);
      assert.match(stderr, line);
      assert.deepEqual([exitCode, stdout, stderr.split('\n').length], [2, '', 1], stderr);
    }
  });
});

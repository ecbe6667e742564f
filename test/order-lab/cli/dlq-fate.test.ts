/** What became of a letter that was sent back, by the verb and in the list: real services decide it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTopicNamed, readAll } from '../../support/kafka.ts';
import { orderRecord, produceAll } from '../../support/produce.ts';
import { newCli } from '../../support/run-cli.ts';
import { newPipeline, ServiceProcess } from '../../support/service-process.ts';
import { until } from '../../support/until.ts';

test('a letter that is sent back is said to be in, or rejected again as which letter and why', async () => {
  using pipeline = await newPipeline();
  const { ordersTopic } = pipeline;
  const letters = `${ordersTopic}.dlq`;
  await createTopicNamed(letters, 1);
  // An order that a stricter reader refused; then one that nobody can read.
  const headers = { '__replayground.errors.topic': ordersTopic };
  await produceAll(letters, [{ ...orderRecord('fine'), partition: 0, headers }]);
  await produceAll(ordersTopic, [{ key: 'bad', value: '{garbage' }]);
  await using inventory = await ServiceProcess.start('inventory', pipeline);
  await until(async () => (await readAll(letters)).length === 2, { what: 'the letter is written' });
  using cli = newCli(
    Object.fromEntries(Object.entries(pipeline.env).filter(([name]) => /TOPIC|GROUP/.test(name))) as Record<string, string>,
  );

  const done = await cli.run('dlq', 'redrive', ordersTopic, '--all', '--execute');
  assert.equal(done.exitCode, 0, done.stderr);
  assert.match(done.stdout, /^0:0 .* sent back: accepted$/m);
  assert.match(done.stdout, /^0:1 .* sent back: rejected again: 0:\d+ \(bad-json\)$/m);
  assert.match(done.stderr, /2 sent back: 1 accepted, 1 rejected again$/m);

  // Anybody may write there.
  const notes = `${letters}.sent-back`;
  await produceAll(notes, [
    { key: '0:0', value: '{garbage' },
    { key: '0:1', value: null },
    { key: '0:1', value: '{"letter":"0:1"}' },
  ]);
  const listed = JSON.parse((await cli.run('dlq', 'list', ordersTopic, '--json')).stdout);
  assert.deepEqual(
    listed.letters.map((one: { before?: string; sentBack: { kind: string } | null }) => [one.before ?? null, one.sentBack?.kind ?? null]),
    [
      [null, 'in'],
      [null, 'rejected'],
      ['0:1', null],
    ],
  );
  assert.match((await cli.run('dlq', 'list', ordersTopic)).stdout, /bad +1 \(was 0:1\) +-$/m);

  await inventory.kill('SIGTERM');
  assert.match((await cli.run('dlq', 'redrive', ordersTopic, '0:0', '--execute')).stdout, /sent back: not read yet$/m);
});

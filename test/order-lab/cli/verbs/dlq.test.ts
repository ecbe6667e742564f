import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deadLetter } from '../../../../src/kafka/dead-letters/build-letter.ts';
import { createTopic, createTopicNamed, headersOf, readAll } from '../../../support/kafka.ts';
import { produceAll } from '../../../support/produce.ts';
import { type Cli, newCli } from '../../../support/run-cli.ts';

/** Writes a dead letter as the services do. */
async function die(topic: string, offset: number, key: string, value: string): Promise<void> {
  const record = { topic, partition: 0, offset, key: Buffer.from(key), value: Buffer.from(value), size: 1, timestamp: Date.now() - 5000 };
  const letter = deadLetter(record, { reason: 'bad-json', message: 'it is no JSON' }, 'g', new Date());
  const headers = Object.fromEntries((letter.headers ?? []).flatMap((header) => Object.entries(header))) as Record<string, string>;
  await produceAll(letter.topic, [{ key, value, partition: 0, headers, timestamp: record.timestamp }]);
}

async function withLetters(test: (cli: Cli, topic: string) => Promise<void>): Promise<void> {
  const topic = await createTopic('dlq');
  await createTopicNamed(`${topic}.dlq`, 1);
  using cli = newCli({ ORDERS_TOPIC: topic });
  await die(topic, 7, 'a', '{garbage');
  await die(topic, 8, 'b', '{more');
  await test(cli, topic);
}

describe('./lab dlq', () => {
  it('lists and shows what died, why, and where it came from', () =>
    withLetters(async (cli, topic) => {
      const { stdout, exitCode } = await cli.run('dlq', 'list', topic);
      assert.equal(exitCode, 0);
      const [header, first, second] = stdout.split('\n');
      assert.match(header ?? '', /^TOPIC +LETTER +AT +REASON +FROM +KEY +REDRIVES +SENT BACK$/);
      assert.match(first ?? '', new RegExp(`^${topic}.dlq +0:0 +\\S+Z +bad-json +${topic}/0/7 +a +0 +-$`));
      assert.match(second ?? '', / 0:1 /);
      const shown = await cli.run('dlq', 'show', topic, '0:1');
      assert.match(shown.stdout, /message +it is no JSON\n[\s\S]*value\n {2}{more$/);
      assert.equal((await cli.run('dlq', 'show', topic, '0:9')).exitCode, 2);
    }));

  it('sends back only with --execute, with the same key, bytes and time', () =>
    withLetters(async (cli, topic) => {
      const dry = await cli.run('dlq', 'redrive', topic, '0:1');
      assert.match(dry.stdout, /would be sent back/);
      assert.deepEqual(await readAll(topic), []);
      const done = await cli.run('dlq', 'redrive', `${topic}.dlq`, '0:1', '--execute');
      assert.equal(done.exitCode, 0, done.stderr);
      const [record, ...others] = await readAll(topic);
      assert.deepEqual(others, []);
      assert.equal(String(record?.key), 'b');
      assert.equal(String(record?.value), '{more');
      assert.ok(Date.now() - (record?.timestamp ?? 0) >= 5000);
      assert.deepEqual(record && headersOf(record), { '__replayground.redrives': '1', '__replayground.redrives.letter': '0:1' });
    }));

  it('sends all back once, then only what came since', () =>
    withLetters(async (cli, topic) => {
      const all = ['dlq', 'redrive', topic, '--all', '--execute', '--json'] as const;
      assert.equal(JSON.parse((await cli.run(...all)).stdout).sent, 2);
      assert.equal(JSON.parse((await cli.run(...all)).stdout).sent, 0);
      await die(topic, 9, 'c', '{again');
      assert.equal(JSON.parse((await cli.run(...all)).stdout).sent, 1);
      assert.equal((await readAll(topic)).length, 3);
      assert.equal(JSON.parse((await cli.run('dlq', 'redrive', topic, '--all', '--again', '--json')).stdout).letters.length, 3);
    }));

  it('parks what was sent back often enough, once, and lists it there', () =>
    withLetters(async (cli, topic) => {
      const headers = { '__replayground.errors.topic': topic, '__replayground.redrives': '3' };
      await produceAll(`${topic}.dlq`, [{ key: 'hopeless', value: '{', partition: 0, headers }]);
      assert.match((await cli.run('dlq', 'list', topic, '--parked')).stderr, /nothing is parked/);
      const { sent, parked, letters } = JSON.parse((await cli.run('dlq', 'redrive', topic, '--all', '--execute', '--json')).stdout);
      assert.deepEqual([sent, parked, letters[2].to, letters[2].result], [2, 1, `${topic}.dlq.parked`, 'parked']);
      assert.match((await cli.run('dlq', 'redrive', topic, '0:2', '--execute')).stdout, /it is parked already/);
      const { total, letters: list } = JSON.parse((await cli.run('dlq', 'list', topic, '--parked', '--json')).stdout);
      assert.deepEqual([total, list[0].parkedFrom, list[0].redrives, list[0].letter.key], [1, '0:2', 3, 'hopeless']);
      const back = await cli.run('dlq', 'redrive', topic, '0:0', '--parked', '--max-redrives', '4', '--execute');
      assert.match(back.stdout, /0:0 .* sent back/);
      assert.equal((await readAll(topic)).filter(({ key }) => String(key) === 'hopeless').length, 1);
    }));

  it('lists the dead letters of others, whatever their topic is called', async () => {
    const letters = await createTopic('sink-errors', 1);
    const headers = { '__connect.errors.topic': 'orders', '__connect.errors.partition': '1', '__connect.errors.offset': '5' };
    await produceAll(letters, [{ key: 'k', value: 'v', headers }]);
    using cli = newCli();
    assert.match((await cli.run('dlq', 'list', letters)).stdout, / orders\/1\/5 +k /);
  });

  it('says what is wrong with the arguments', () =>
    withLetters(async (cli, topic) => {
      assert.equal((await cli.run('dlq', 'redrive', topic)).exitCode, 2);
      assert.equal((await cli.run('dlq', 'redrive', topic, '--all', '0:1')).exitCode, 2);
      assert.match((await cli.run('dlq', 'list', 'no-such-topic')).stderr, /there is no topic 'no-such-topic.dlq'/);
    }));
});

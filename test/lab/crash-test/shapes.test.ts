import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createTopicNamed, deleteTopic, uniqueName, withAdmin } from '../../support/kafka.ts';
import { copierSystem, testSystem } from './stage.ts';

const topicNames = (): Promise<string[]> =>
  withAdmin(
    (admin) =>
      new Promise((resolve, reject) => admin.listTopics({ timeout: 10_000 }, (error, names) => (error ? reject(error) : resolve(names)))),
  );

/** What stands in front of the names of a run. */
const prefixIn = (said: readonly string[]): string =>
  /crash-test-[0-9a-f]+-/.exec(said.join('\n'))?.[0] ?? assert.fail('no prefix was told');

suite('forms of a system', { concurrency: 3 }, () => {
  test('a load by HTTP to a service whose port is bound late, ids in a header', async (context) => {
    const system = copierSystem('correct');
    const entrance = {
      command: [process.execPath, 'entrance.mjs'],
      env: { RECORDS: '{topic:records}' },
      ready: { http: '/health' },
      writes: ['records'],
    };
    const { verdict, sent, ids, faults, firstFindings } = await testSystem(context, {
      system: {
        ...system,
        services: { entrance, ...system.services },
        ledger: [{ from: 'records', to: 'copies', id: { header: 'ce_id' } }],
        load: { http: { url: '/records', body: { id: 'h-{n}', n: '{n}' } }, rate: 100 },
      },
      minutes: 0.1,
      kinds: ['duplicate', 'unreadable'],
    });
    assert.deepEqual(firstFindings, []);
    assert.ok(verdict.held && sent > 100 && ids >= sent, `${sent} were sent, ${ids} came in`);
    assert.deepEqual(faults.map(({ kind }) => kind).sort(), ['duplicate', 'unreadable']);
  });

  test('a load from a file, ids by a JSON pointer, dead letters in the ledger, ready by a line of the log', async (context) => {
    const system = copierSystem('writes-letters', { ready: { log: '^reading' } });
    const { verdict, ids, firstFindings, said } = await testSystem(context, {
      system: {
        ...system,
        ledger: [{ from: 'records', to: 'copies', id: { json: '/order/id' }, 'dead-letters': ['letters'] }],
        load: { topic: 'records', file: 'values.ndjson', rate: 100 },
      },
      minutes: 0.1,
      kinds: ['unreadable'],
    });
    assert.deepEqual(firstFindings, []);
    assert.equal(verdict.behavesAs, 'exactly-once');
    assert.ok(verdict.held && ids > 100);
    assert.ok(!(await topicNames()).some((topic) => topic.startsWith(prefixIn(said))), 'its topics are gone');
  });

  test('a load by a command, ready after a time, and without dead letters in the ledger what went there is lost', async (context) => {
    const system = copierSystem('writes-letters', { ready: { after: '500ms' } });
    const { value: _, ...written } = system.load;
    const { verdict, firstFindings } = await testSystem(context, {
      system: {
        ...system,
        ledger: [{ from: 'records', to: 'copies', id: { header: 'id' } }],
        load: { ...written, headers: { id: 'r-{n}' }, command: ['sh', '-c', `while echo '{"n":"{n}"}'; do :; done`] },
      },
      minutes: 0.1,
      kinds: ['duplicate'],
    });
    assert.ok(verdict.lost > 10 && verdict.repeated === 0 && verdict.behavesAs === 'at-most-once');
    assert.match(firstFindings[0]?.text ?? '', /^in crash-test-.*records\/\d@\d+ at .* s; committed by .* s/);
  });

  test('topics that lead back to themselves come to an end all the same', async (context) => {
    const system = copierSystem('correct', {
      env: { BEHAVIOUR: 'correct', RECORDS: '{topic:records}', COPIES: '{topic:records}', GROUP: '{group}' },
      writes: ['records', 'copies'],
    });
    const looped = { ...system, ledger: [{ from: 'records', to: 'records', id: 'key' as const }] };
    const { verdict, notBack } = await testSystem(context, { system: looped, minutes: 0.1, kinds: ['duplicate'] });
    assert.ok(!verdict.cameBack && !verdict.held);
    assert.match(notBack[0] ?? '', /it goes on \d+ s after the load ended: .*records -> .*records is a circle/);
  });
});

test('a system that takes no names from the lab runs on a Kafka where its own are free, and nowhere else', async (context) => {
  const [records, copies, group] = [uniqueName('records'), uniqueName('copies'), uniqueName('group')];
  const system = copierSystem('correct', {
    env: { RECORDS: records, COPIES: copies, GROUP: group },
    group,
    reads: [records],
    writes: [copies],
  });
  const own = {
    ...system,
    topics: { [records]: { partitions: 1 }, [copies]: { partitions: 1 } },
    ledger: [{ from: records, to: copies, id: 'key' as const }],
    load: { ...system.load, topic: records },
  };
  const run = () => testSystem(context, { system: own, minutes: 0.1, kinds: ['duplicate'] });
  const others = `${group}-store-changelog`;
  await createTopicNamed(others, 1);
  const { verdict, said } = await run();
  assert.ok(verdict.held);
  assert.ok(said.some((line) => line.startsWith(`${records}, ${copies}, ${group} keep their names`)));
  const left = await topicNames();
  assert.deepEqual([left.includes(records), left.includes(others)], [false, true], 'what was there before is left alone');
  await deleteTopic(others);
  await createTopicNamed(records, 1);
  await assert.rejects(run(), {
    code: 'names-taken',
    message: new RegExp(`has topic ${records} already: consumer-with-a-fault can only be run`),
  });
  assert.ok((await topicNames()).includes(records), 'the topic of others is still there');
  await deleteTopic(records);
});

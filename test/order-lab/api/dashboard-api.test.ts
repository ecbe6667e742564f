import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { buildPageIfStale } from '../../../src/lab/page/build-page.ts';
import type {
  Backups,
  BurstState,
  DeadLetters,
  GroupDetail,
  Journey,
  LiveState,
  LogTail,
  OffsetsPlan,
  RecordSent,
  RecordsPage,
  Redriven,
  ReplayState,
  Sample,
  Scenarios,
  SettingsChanged,
  Snapshot,
  TopicConfigs,
  Topics,
} from '../../../src/order-lab/wire/all.ts';
import type { LabState } from '../../../src/order-lab/wire/lab-state.ts';
import { brokers } from '../../support/kafka.ts';
import { unpackText } from '../../support/read-recording.ts';
import { until } from '../../support/until.ts';
import { readEvents } from '../fixtures/event-reader.ts';
import { type RealLab, startRealLab } from '../fixtures/real-lab.ts';

const orders = 3000;
let lab: RealLab;
before(async () => {
  lab = await startRealLab();
});
after(() => lab[Symbol.asyncDispose]());

const live = async (): Promise<LiveState> => (await lab.get<Snapshot>('/api/snapshot')).live;
const untilLive = (what: string, is: (state: LiveState) => boolean): Promise<LiveState> =>
  until(
    async () => {
      const state = await live();
      return is(state) ? state : undefined;
    },
    { what },
  );

test('a burst is told as it goes, marked, and read to the end', async () => {
  const { status, body } = await lab.post<BurstState>('/api/burst', { count: orders, seed: 'monday' });
  assert.equal(status, 202);
  assert.equal(body.command.lab, `LAB_HOME=${lab.home} ./lab burst ${orders} --seed monday`);
  const state = await untilLive(
    'everything read',
    ({ ledger }) => ledger?.seen === orders && ledger.read === orders && ledger.decided === orders,
  );
  assert.deepEqual(state.ledger, {
    ...{ written: orders, decided: orders, duplicates: 0, deadLettered: 0, inFlight: 0, notCounted: 0, outOfReach: 0 },
    ...{
      lost: 0,
      unaccounted: 0,
      decidedTwice: 0,
      read: orders,
      deletedUnread: 0,
      seen: orders,
      orders,
      deadLetters: 0,
      deadAhead: 0,
      deleted: 0,
    },
    text: '3,000 written = 3,000 decided + 0 duplicates + 0 dead-lettered + 0 in flight: nothing lost, none decided twice',
  });
  const snapshot = await lab.get<Snapshot>('/api/snapshot');
  assert.equal(snapshot.burst?.state, 'done');
  assert.equal(snapshot.burst?.produced, orders);
  assert.ok(snapshot.marks.some(({ kind, text }) => kind === 'burst' && text.includes('3,000')));
  assert.equal(snapshot.samples.at(-1)?.lag.length, snapshot.layout.commits.length);
  assert.equal((await lab.post('/api/burst', { count: 0 })).status, 400);
});

test('the live stream goes on where a reader left it', async () => {
  const url = `${lab.client.file.url}/api/live`;
  const { lastEventId } = await lab.get<Snapshot>('/api/snapshot');
  let last: string | undefined;
  const seen: number[] = [];
  for await (const { id, name, data } of readEvents(url, lastEventId)) {
    if (name !== 'sample') continue;
    last = id;
    seen.push((data as Sample).atMs);
    if (seen.length === 2) break;
  }
  await untilLive('another sample', ({ at }) => Date.parse(at) > (seen[1] ?? 0) + 2500);
  for await (const { name, data } of readEvents(url, last)) {
    if (name === 'sample') seen.push((data as Sample).atMs);
    if (seen.length === 4) break;
  }
  assert.deepEqual(seen, [...new Set(seen)].sort());
  const { samples } = await lab.get<Snapshot>('/api/snapshot');
  const kept = samples.map(({ atMs }) => atMs);
  const from = kept.indexOf(seen[0] as number);
  assert.deepEqual(kept.slice(from, from + 4), seen);
  for await (const { name } of readEvents(url, '00000000-7')) {
    if (name === 'hello') continue;
    assert.equal(name, 'reset');
    break;
  }
});

test('the state is told with each sample, so that curve and figures are of one moment', async () => {
  const names: string[] = [];
  for await (const { name } of readEvents(`${lab.client.file.url}/api/live`)) {
    if (name === 'sample' || name === 'state') names.push(name);
    if (names.filter((one) => one === 'sample').length > 5) break;
  }
  const [, ...told] = names.join(' ').split('sample');
  assert.deepEqual(
    told.slice(0, -1).filter((states) => !states.includes('state')),
    [],
    names.join(' '),
  );
});

test('an order, its duplicate and a poison record: each is found, read and told', async () => {
  const { body: placed } = await lab.post<RecordSent>('/api/records', { kind: 'order' });
  const { body: again } = await lab.post<RecordSent>('/api/records', { kind: 'duplicate', orderId: placed.key });
  assert.deepEqual([again.key, again.partition], [placed.key, placed.partition]);
  const { body: poison } = await lab.post<RecordSent>('/api/records', { kind: 'poison' });
  await untilLive('all three read', ({ ledger }) => ledger?.seen === orders + 3 && ledger.read === orders + 3);

  await untilLive('the equation counts each once', ({ ledger }) =>
    (ledger?.text ?? '').startsWith('3,003 written = 3,001 decided + 1 duplicate + 1 dead-lettered + 0 in flight: nothing lost'),
  );

  const journey = await lab.get<Journey>(`/api/orders/${placed.key}`);
  assert.deepEqual(
    journey.steps.map(({ what }) => what).filter((what) => what !== 'reserved' && what !== 'failed'),
    ['placed', 'duplicate'],
  );
  assert.equal(journey.steps.length, 3);
  const page = await lab.get<RecordsPage>(`/api/topics/${lab.names.orders}/records?limit=1&key=${poison.key}`);
  assert.equal(page.records[0]?.reading?.ok, false);
  const oldest = await lab.get<RecordsPage>(`/api/topics/${lab.names.orders}/records?from=earliest&limit=5&partition=0`);
  assert.deepEqual(
    oldest.records.map(({ offset }) => offset),
    [0, 1, 2, 3, 4],
  );
  assert.equal((await fetch(`${lab.client.file.url}/api/topics/${lab.names.orders}/records?from=yesterday`)).status, 400);
  assert.equal((await fetch(`${lab.client.file.url}/api/topics/no-such-topic/records`)).status, 404);
});

test('a dead letter is listed and sent back', async () => {
  const { letters } = await lab.get<DeadLetters>('/api/dead-letters');
  assert.equal(letters[0]?.reason, 'bad-json');
  const wanted = { topic: lab.names.orders, letters: [letters[0]?.id] };
  assert.equal((await lab.post<Redriven>('/api/dead-letters/redrive', { ...wanted, plan: true })).body.executed, false);
  assert.equal((await lab.post<Redriven>('/api/dead-letters/redrive', wanted)).body.sent, 1);
  await until(async () => (await lab.get<DeadLetters>('/api/dead-letters')).total === 2, {
    what: 'the letter is back',
  });
});

test('a field that is not known goes no further, however deep it is', async () => {
  const { url, token } = lab.client.file;
  // Text can be read at any depth; an object of it cannot be sent to another process.
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const post = (path: string, fields: string) =>
    fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: `{${fields},"deep":${deep}}`,
    });
  assert.equal((await post('/api/dead-letters/redrive', '"topic":"none","letters":["0:0"],"plan":true')).status, 422);
  assert.equal((await post('/api/offsets/plan', '"group":"none","target":{"to":"earliest"}')).status, 200);
  assert.equal((await post('/api/records', '"kind":"order"')).status, 200);
  const changed = await post('/api/settings/inventory-service', '"defaults":true');
  assert.equal(changed.status, 200);
  assert.ok(!(await changed.text()).includes('deep'));
});

test('topics, groups, logs and scenarios can be looked at', async () => {
  const { topics } = await lab.get<Topics>('/api/topics');
  assert.equal(topics.find(({ name }) => name === lab.names.orders)?.partitions.length, 3);
  const configs = await lab.get<TopicConfigs>('/api/topics/configs');
  assert.deepEqual(
    configs.topics['lab-settings']?.filter(({ from }) => from === 'topic'),
    [{ name: 'cleanup.policy', value: 'compact', from: 'topic' }],
  );
  const group = await lab.get<GroupDetail>(`/api/groups/${lab.names.inventoryGroup}`);
  assert.deepEqual([group.state, group.members[0]?.process, group.partitions.length], ['Stable', 'inventory-service.1', 3]);
  assert.match(JSON.stringify((await lab.get<LogTail>('/api/logs/inventory-service.1?tail=50')).lines), /runtime settings/);
  assert.equal((await fetch(`${lab.client.file.url}/api/logs/..%2f..%2flab.json`)).status, 404);
  assert.ok((await lab.get<Scenarios>('/api/scenarios')).scenarios.some(({ name }) => name === 'burst-10k'));
  assert.equal((await lab.post('/api/scenarios/no-such-thing/run')).status, 404);
});

test('settings are taken, and what makes no sense is refused', async () => {
  const { body } = await lab.post<SettingsChanged>('/api/settings/analytics-service', { paused: false });
  assert.equal(body.set.paused, false);
  assert.equal(body.command.lab, `LAB_HOME=${lab.home} ./lab set analytics-service paused=false`);
  assert.match(body.command.kafka ?? '', new RegExp(`--bootstrap-server ${brokers()} `));
  assert.equal((await lab.post('/api/settings/analytics-service', { failRate: 0.5 })).status, 422);
  assert.equal((await lab.post('/api/settings/inventory-service', { throttleMs: -1 })).status, 400);
  assert.equal((await lab.post('/api/settings/order-service', { throttleMs: 1 })).status, 404);
});

test('offsets: planned, refused while members are there, reset while the service is stopped, undone', async () => {
  const request = { group: lab.names.analyticsGroup, target: { to: 'earliest' } };
  const { body: plan } = await lab.post<OffsetsPlan>('/api/offsets/plan', request);
  assert.match(plan.refused ?? '', /inactive/);
  assert.equal((await lab.post('/api/offsets/reset', request)).status, 409);
  const { body: done } = await lab.post<OffsetsPlan>('/api/offsets/reset', { ...request, stopAndStart: true });
  assert.equal(done.executed, true);
  const { backups } = await lab.get<Backups>(`/api/offsets/backups?group=${lab.names.analyticsGroup}`);
  assert.equal(backups[0]?.name, done.backup);
  const { body: undo } = await lab.post<OffsetsPlan>('/api/offsets/undo', { group: lab.names.analyticsGroup, plan: true });
  assert.deepEqual(
    undo.partitions.map(({ newOffset }) => newOffset),
    done.partitions.map(({ before: was }) => was),
  );
  const reset = Date.now();
  await until(async () => (await lab.get<LabState>('/api/lab')).ready, { what: 'analytics is back' });
  await untilLive(
    'read again',
    ({ at, groups, ledger }) => Date.parse(at) > reset && groups[1]?.totalLag === 0 && ledger?.unaccounted === 0,
  );
  assert.equal((await lab.post('/api/offsets/plan', { group: 'g', target: { to: 'duration', ago: 'P1W' } })).status, 422);
});

test('a replay is followed to its end and is identical', async () => {
  const { status } = await lab.post<ReplayState>('/api/replay');
  assert.equal(status, 202);
  const state = await until(
    async () => {
      const replay = await lab.get<ReplayState>('/api/replay');
      return replay.state === 'running' ? undefined : replay;
    },
    { what: 'the replay is over' },
  );
  assert.deepEqual([state.state, state.identical, state.error], ['done', true, null]);
  assert.equal((await lab.post('/api/replay', { to: 'yesterday' })).status, 422);
});

test('every changing call needs the origin or the token', async () => {
  const paths = ['burst', 'burst/stop', 'settings/inventory-service', 'records', 'offsets/plan', 'offsets/reset', 'offsets/undo', 'replay'];
  for (const path of [...paths, 'dead-letters/redrive', 'scenarios/burst-10k/run', 'scenarios/stop']) {
    const headers = { 'content-type': 'application/json', origin: 'http://evil.example' };
    const response = await fetch(`${lab.client.file.url}/api/${path}`, { method: 'POST', headers, body: '{}' });
    assert.equal(response.status, 403, path);
  }
});

test('a run is one file, of the time that is asked for, with what was looked at; a wrong time is refused', async () => {
  await buildPageIfStale(() => {});
  const url = `${lab.client.file.url}/api/recording`;
  for (const wrong of ['minutes=0', 'minutes=61', 'minutes=x', 'from=yesterday'])
    assert.equal((await fetch(`${url}?${wrong}`)).status, 400, wrong);
  assert.equal((await fetch(`${url}?from=2100-01-01T00:00:00Z`)).status, 409);
  await lab.get('/api/groups/somebody');
  const answer = await fetch(`${url}?minutes=1&title=An%20incident`);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; filename="replayground-orders-.*\.html"$/);
  const { facts, frames, looks } = await unpackText(await answer.text());
  assert.equal(facts.title, 'An incident');
  assert.ok(frames.length > 0 && frames.every(({ atMs }) => atMs >= facts.fromMs && Date.now() - atMs < 120_000));
  const paths = looks.map(({ path }) => path);
  for (const path of ['/api/groups/somebody', '/api/topics', `/api/topics/${lab.names.orders}/records?limit=50`])
    assert.ok(paths.includes(path), path);
});

test('the page comes with a policy that lets nothing in from elsewhere', async () => {
  const response = await fetch(`${lab.client.file.url}/`);
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
  const policy = response.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'self'/);
  assert.doesNotMatch(policy, /unsafe-inline'.*script|script-src/);
  assert.equal((await fetch(`${lab.client.file.url}/assets/..%2f..%2fpackage.json`)).status, 404);
});

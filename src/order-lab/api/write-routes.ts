/** What the page can do to the pipeline beside starting and stopping: bursts, settings, single records, offsets, replays, dead letters. */

import Type from 'typebox';
import { redriveText } from '../../kafka/redrive/redrive-words.ts';
import { refusable } from '../../lab/api/refuse.ts';
import { readingGroups } from '../../lab/supervisor/reading-groups.ts';
import { movedText } from '../../lab/watch/verdict/moved-text.ts';
import type { HttpApp } from '../../pipeline/service/http-app.ts';
import { problem } from '../../pipeline/service/problem.ts';
import { RuntimeSettings } from '../../pipeline/settings/runtime-settings.ts';
import { requirePipeline } from '../client/require-pipeline.ts';
import { offsetsCommand, redriveCommand, settingsCommand, undoCommand } from '../commands/write-commands.ts';
import type { Backups, BurstState, OffsetsPlan, OffsetsRequest, Redriven, ReplayState, SettingsChanged } from '../wire/all.ts';
import { backupsOf } from './backups.ts';
import type { Dashboard } from './dashboard.ts';
import { sendOneRecord } from './single-records.ts';

const { throttleMs, failRate, rejectRate, paused } = RuntimeSettings.properties;
const BurstBody = Type.Object({
  count: Type.Integer({ minimum: 1, maximum: 10_000_000 }),
  ratePerSec: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000 })),
  failRate: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  seed: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  hot: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
});
const SettingsBody = Type.Object({
  throttleMs: Type.Optional(throttleMs),
  failRate: Type.Optional(failRate),
  rejectRate,
  paused: Type.Optional(paused),
  defaults: Type.Optional(Type.Literal(true)),
});
const Target = Type.Union([
  Type.Object({ to: Type.Enum(['earliest', 'latest', 'current']) }),
  Type.Object({ to: Type.Literal('offset'), offset: Type.Integer() }),
  Type.Object({ to: Type.Literal('shift'), by: Type.Integer() }),
  Type.Object({ to: Type.Literal('datetime'), at: Type.String() }),
  Type.Object({ to: Type.Literal('duration'), ago: Type.String() }),
]);
const OffsetsBody = Type.Object({
  group: Type.String({ minLength: 1 }),
  target: Target,
  topics: Type.Optional(Type.Array(Type.String())),
  stopAndStart: Type.Optional(Type.Boolean()),
});
const UndoBody = Type.Object({
  group: Type.String({ minLength: 1 }),
  backup: Type.Optional(Type.String({ minLength: 1 })),
  stopAndStart: Type.Optional(Type.Boolean()),
  plan: Type.Optional(Type.Boolean()),
});
const RecordBody = Type.Object({
  kind: Type.Enum(['poison', 'duplicate', 'order']),
  orderId: Type.Optional(Type.String({ minLength: 1 })),
});
const RedriveBody = Type.Object({
  topic: Type.String({ minLength: 1 }),
  letters: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
  all: Type.Optional(Type.Literal(true)),
  maxRedrives: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  plan: Type.Optional(Type.Boolean()),
});

export function addWriteRoutes(app: HttpApp, dashboard: Dashboard): void {
  const { system, worker, bursts, replays, offsets, marks, settings, terminal } = dashboard;
  /** @throws HttpProblem 422 where the lab runs another system */
  const ofPipeline = (what: string): Promise<void> => refusable(async () => requirePipeline(system, what));

  app.post('/api/burst', { schema: { summary: 'Send many orders; one burst at a time', body: BurstBody } }, async (request, reply) => {
    const { failRate, seed, hot } = request.body;
    if ([failRate, seed, hot].some((one) => one !== undefined)) await ofPipeline('failRate, seed or hot');
    reply.code(202);
    return bursts.start(request.body);
  });
  app.post('/api/burst/stop', { schema: { summary: 'End the burst early' } }, async (): Promise<BurstState> => {
    const state = bursts.stop();
    if (state === null) throw problem(404, 'Not Found', 'there was no burst yet');
    return state;
  });

  const settable = {
    summary: 'Change how a service behaves while it runs',
    params: Type.Object({ service: Type.String() }),
    body: SettingsBody,
  };
  app.post('/api/settings/:service', { schema: settable }, async (request): Promise<SettingsChanged> => {
    await ofPipeline('what can be set while it runs');
    const { service } = request.params;
    const { defaults, ...changes } = request.body;
    if (service !== 'inventory-service' && service !== 'analytics-service' && service !== 'notification-service') {
      const known = 'inventory-service, analytics-service or notification-service';
      throw problem(404, 'Not Found', `${service} has no settings to change while it runs: use ${known}`);
    }
    if ((defaults === true) === Object.keys(changes).length > 0) {
      throw problem(422, 'Unprocessable Entity', 'either defaults alone, or at least one of throttleMs, failRate, rejectRate, paused');
    }
    if (service === 'analytics-service' && changes.failRate !== undefined) {
      throw problem(422, 'Unprocessable Entity', 'analytics-service decides nothing: failRate belongs to inventory-service');
    }
    if (service !== 'notification-service' && changes.rejectRate !== undefined) {
      throw problem(422, 'Unprocessable Entity', 'rejectRate belongs to notification-service');
    }
    const set = await refusable(() => worker.run('publishSettings', { service, changes: defaults ? null : changes }));
    dashboard.settingsChanged(service, set);
    return { service, set, command: settingsCommand(terminal(), service, request.body, set) };
  });

  const records = { summary: 'Send a poison record, a duplicate or an order', body: RecordBody };
  app.post('/api/records', { schema: records }, (request) => refusable(() => sendOneRecord(dashboard, request.body)));

  const markMoved = ({ group, executed, partitions }: Omit<OffsetsPlan, 'command'>): void => {
    const service = readingGroups(system).find((one) => one.group === group)?.service ?? group;
    const moved = partitions.flatMap(({ delta }) => (delta === null || delta === 0 ? [] : [delta]));
    if (executed && moved.length > 0) marks.add('reset', service, `${group}: ${movedText(moved)}`);
  };

  const planned = { summary: 'What a reset of offsets would do; changes nothing', body: OffsetsBody };
  app.post('/api/offsets/plan', { schema: planned }, async (request): Promise<OffsetsPlan> => {
    const { group, target, topics } = request.body as OffsetsRequest;
    const plan = await refusable(() => offsets.plan({ group, to: { target, topics } }));
    return { ...plan, command: offsetsCommand(terminal(), 'plan', request.body as OffsetsRequest) };
  });
  const reset = { summary: 'Reset the offsets of a group without members', body: OffsetsBody };
  app.post('/api/offsets/reset', { schema: reset }, async (request): Promise<OffsetsPlan> => {
    const { group, target, topics, stopAndStart = false } = request.body as OffsetsRequest;
    const done = await refusable(() => offsets.reset({ group, to: { target, topics }, stopAndStart }));
    markMoved(done);
    return { ...done, command: offsetsCommand(terminal(), 'reset', request.body as OffsetsRequest) };
  });
  const undo = { summary: 'Put back what a reset has changed', body: UndoBody };
  app.post('/api/offsets/undo', { schema: undo }, async (request): Promise<OffsetsPlan> => {
    const { group, backup, stopAndStart = false, plan = false } = request.body;
    const to = { backup };
    const done = await refusable(() => (plan ? offsets.plan({ group, to }) : offsets.reset({ group, to, stopAndStart })));
    markMoved(done);
    return { ...done, command: undoCommand(terminal(), request.body) };
  });
  const backups = { summary: 'What the resets of a group left behind', querystring: Type.Object({ group: Type.String({ minLength: 1 }) }) };
  app.get(
    '/api/offsets/backups',
    { schema: backups },
    async (request): Promise<Backups> => backupsOf(settings().labHome, request.query.group),
  );

  const replay = { summary: 'Take the view back and read the log again', body: Type.Object({ to: Type.Optional(Type.String()) }) };
  app.post('/api/replay', { schema: replay }, async (request, reply): Promise<ReplayState> => {
    await ofPipeline('a replay');
    const state = await refusable(() => replays.start(request.body));
    reply.code(202);
    return state;
  });
  app.get('/api/replay', { schema: { summary: 'The replay that runs, or the last one' } }, async (): Promise<ReplayState> => {
    if (replays.state === null) throw problem(404, 'Not Found', 'there was no replay yet');
    return replays.state;
  });

  const redriving = { summary: 'Send dead letters back to their topic', body: RedriveBody };
  app.post('/api/dead-letters/redrive', { schema: redriving }, async (request): Promise<Redriven> => {
    const { body } = request;
    const done = await refusable(() => worker.run('redriveDeadLetters', body));
    if (done.sent > 0) marks.add('redrive', body.topic, redriveText(done));
    return { ...done, command: redriveCommand(terminal(), body) };
  });
}

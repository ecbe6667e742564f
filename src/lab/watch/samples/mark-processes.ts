/** Starts, stops and crashes as causes on the timeline, from the changes of the processes. */

import type { EventLog } from '../../supervisor/event-log.ts';
import { brokerName } from '../../supervisor/instance-name.ts';
import type { Supervisor } from '../../supervisor/supervisor.ts';
import type { MarkKind } from '../../wire/all.ts';
import type { LabEvent, ProcessPhase } from '../../wire/lab-state.ts';
import type { Marks } from './timeline-marks.ts';

type View = ReturnType<Supervisor['views']>[number];

export type ProcessMarksOptions = {
  events: EventLog;
  supervisor: Pick<Supervisor, 'views'>;
  marks: Marks;
  onProcess: (view: View) => void;
};

/** @returns a function that ends it */
export function markProcesses({ events, supervisor, marks, onProcess }: ProcessMarksOptions): () => void {
  const before = new Map<string, ProcessPhase>();
  return events.listen((event: LabEvent) => {
    if (event.kind === 'scale') return marks.add('scale', event.service, event.text);
    const view = supervisor.views().find(({ name }) => name === event.service);
    if (event.kind !== 'state' || !view) return;
    const cause = causeOf(view, before.get(view.name));
    before.set(view.name, view.state);
    if (cause) marks.add(cause, view.name, view.detail ?? view.state);
    onProcess(view);
  });
}

/** @returns what the change means, or undefined where it means nothing for the curves */
export function causeOf({ service, state }: Pick<View, 'service' | 'state'>, before: ProcessPhase | undefined): MarkKind | undefined {
  if (state === before) return undefined;
  const kind = (one: MarkKind): MarkKind => (service === brokerName ? 'kafka' : one);
  if (state === 'restarting' || state === 'crashed') return kind('crash');
  if (state === 'stopped') return kind('stop');
  if (state === 'healthy' && before === 'starting') return kind('start');
  return undefined;
}

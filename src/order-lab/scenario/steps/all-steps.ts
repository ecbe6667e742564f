/** All steps of a scenario on one lab. */
import type { LabSteps } from '../lab-steps.ts';
import type { Rig } from '../rig.ts';
import { brokerSteps } from './brokers.ts';
import { groupSteps } from './groups.ts';
import { loadSteps } from './loads.ts';
import { lookSteps } from './look.ts';
import { processSteps } from './processes.ts';
import { replaySteps } from './replays.ts';
import { resourceSteps } from './resources.ts';
import { storedSteps } from './stored.ts';
import { strikeSteps } from './strikes.ts';
import { topicSteps } from './topics.ts';
import { trafficSteps } from './traffic.ts';
import { waitSteps } from './waits.ts';

/** @param rig what the steps work with; looked at anew at each step, since a lab may be started again */
export function allSteps(rig: Rig): LabSteps {
  const look = lookSteps(rig);
  const rest = {
    ...trafficSteps(rig),
    ...processSteps(rig),
    ...strikeSteps(rig),
    ...brokerSteps(rig),
    ...loadSteps(rig),
    ...resourceSteps(rig),
    ...storedSteps(rig),
    ...topicSteps(rig),
    ...waitSteps(rig),
    ...groupSteps(rig),
    ...replaySteps(rig),
  };
  return Object.assign(Object.create(look) as typeof look, rest);
}

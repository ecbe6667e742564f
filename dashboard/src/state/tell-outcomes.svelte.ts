/** Reads out what came of long things, whoever began them: a burst, a replay, an exercise. */
import { count } from '../lib/format.ts';
import { announce } from './announcer.svelte.ts';
import { lab } from './lab.svelte.ts';

/** To be called while a component is set up; what was over before is old news. */
export function tellOutcomes(): void {
  tellOnce(() => {
    const { burst } = lab;
    if (burst?.state === 'done') return [burst.runId, `Burst over: ${count(burst.produced)} orders written`];
    return burst?.state === 'failed' ? [burst.runId, `Burst failed: ${burst.error}`] : [];
  });
  tellOnce(() => {
    const { replay } = lab;
    if (replay?.state === 'done') return [replay.id, `Replay over: ${replay.identical ? 'identical' : 'different'}`];
    return replay?.state === 'failed' ? [replay.id, `Replay failed: ${replay.error}`] : [];
  });
  tellOnce(() => {
    const { scenario } = lab;
    return scenario && scenario.state !== 'running' ? [scenario.startedAt, `Exercise ${scenario.name}: ${scenario.state}`] : [];
  });
}

/** @param news the id of what is over and what to say, or nothing */
function tellOnce(news: () => string[]): void {
  let told: string | undefined;
  let isFirst = true;
  $effect(() => {
    if (!lab.ready) return;
    const [id, text] = news();
    if (id !== undefined && text !== undefined && id !== told && !isFirst) announce(text);
    told = id ?? told;
    isFirst = false;
  });
}

/** The end of a crash test: all that came in and went out is read, and judged. */
import { KafkaInspector } from '../../kafka/groups/inspector.ts';
import { withCosts } from './judge/fault-costs.ts';
import { firstOf, judgeLedger } from './judge/judge-ledger.ts';
import { readLogs } from './judge/read-logs.ts';
import { holdsReaders, skippedMarkers, skippedText, withoutSkipped } from './judge/skipped-markers.ts';
import { storyOf } from './judge/story.ts';
import { countsOf, outcomeOf, verdictOf } from './judge/verdict.ts';
import { unnamedTopics } from './kafka/unnamed-topics.ts';
import type { CrashTestOptions } from './options.ts';
import type { StormLog } from './pass-storm.ts';
import type { CrashTestResult } from './report/result.ts';
import type { Stage } from './stage.ts';

const mostFindings = 12;

/** @throws ReplaygroundError those of `readLogs` */
export async function judgeRun(
  stage: Stage,
  storm: StormLog,
  unreadable: ReadonlySet<string>,
  options: CrashTestOptions,
): Promise<CrashTestResult> {
  const { kafka, system, services, load, watch, startMs } = stage;
  const { minutes, seed, say } = options;
  const { notBack, sometimes, stalledSec } = storm;
  say('reading all that came in and went out');
  using inspector = new KafkaInspector(kafka.config);
  const skipped = await skippedMarkers(kafka.homes, inspector, system);
  const logs = await readLogs({ ...kafka, inspector, system, unreadable, goesOn: false, upToOpen: skipped.length > 0 });
  const ledgers = logs.map(judgeLedger);
  const cameBack = notBack.length === 0;
  const verdict = verdictOf(ledgers, { stalledSec, cameBack, claim: system.claims });
  const unexplained = verdictOf(withoutSkipped(ledgers, skipped, system), {
    stalledSec,
    cameBack: cameBack || holdsReaders(skipped, system),
    claim: system.claims,
  });
  const findings = ledgers.flatMap((ledger) => ledger.findings);
  const { samples } = watch;
  const faults = withCosts(storm.faults, findings, samples);
  const lives = new Map(services.flatMap(({ instances }) => instances.map(({ name, lives: its }) => [name, its])));
  return {
    system: system.name,
    summary: system.summary,
    seed,
    minutes,
    brokers: options.theirs ? 0 : options.brokers,
    sent: load.sent,
    ids: countsOf(ledgers).ids,
    startMs,
    endMs: Date.now(),
    faults,
    verdict,
    outcome: outcomeOf(verdict, sometimes, unexplained),
    sometimes,
    firstFindings: firstOf(findings)
      .slice(0, mostFindings)
      .map((finding) => storyOf(finding, { faults, samples, lives, startMs })),
    notBack,
    remarks: [...skippedText(skipped), ...(options.theirs ? [] : await unnamedTopics(inspector, system))],
    skippedMarkers: skipped,
    samples,
  };
}

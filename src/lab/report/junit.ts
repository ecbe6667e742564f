/** The checks of a run as JUnit XML: what CI servers show as tests. Pure. */
import junit, { type Builder } from 'junit-report-builder';
import type { Check } from './check.ts';

/** The package is CommonJS whose types speak of a default export that is not there. */
const factory = junit as unknown as Builder;

/** A run and its checks; `startedAt` in RFC 3339; `verdict` in words, where the checks have one together. */
export type Suite = { name: string; title: string; verdict?: string; checks: readonly Check[]; startedAt: string; durationMs: number };

/**
 * @param report what was checked
 * @param className of the test cases, before the name
 * @returns the document; one test case per check
 */
export function junitXml({ name, title, verdict, checks, startedAt, durationMs }: Suite, className = 'scenarios'): string {
  const builder = factory.newBuilder();
  const suite = builder
    .testSuite()
    .name(name)
    .timestamp(startedAt.slice(0, 19))
    .time(durationMs / 1000);
  suite.property('title', title);
  if (verdict !== undefined) suite.property('verdict', verdict);
  for (const { claim, held, expected, measured, lookAt } of checks) {
    const testCase = suite.testCase().className(`${className}.${name}`).name(claim);
    if (!held) testCase.failure(`expected ${expected}, measured ${measured}`, 'not-held').stacktrace(`Look at: ${lookAt}`);
    else testCase.standardOutput(`expected ${expected}, measured ${measured}`);
  }
  return builder.build();
}

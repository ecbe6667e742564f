/** The checks of a run as JUnit XML: what CI servers show as tests. Pure. */
import junit, { type Builder } from 'junit-report-builder';
import type { Report } from '../scenario/report/report.ts';

/** The package is CommonJS whose types speak of a default export that is not there. */
const factory = junit as unknown as Builder;

/**
 * @param report what was checked
 * @param className of the test cases, before the name
 * @returns the document; one test case per check
 */
export function junitXml(
  { name, title, checks, startedAt, durationMs }: Pick<Report, 'name' | 'title' | 'checks' | 'startedAt' | 'durationMs'>,
  className = 'scenarios',
): string {
  const builder = factory.newBuilder();
  const suite = builder
    .testSuite()
    .name(name)
    .timestamp(startedAt.slice(0, 19))
    .time(durationMs / 1000);
  suite.property('title', title);
  for (const { claim, held, expected, measured, lookAt } of checks) {
    const testCase = suite.testCase().className(`${className}.${name}`).name(claim);
    if (!held) testCase.failure(`expected ${expected}, measured ${measured}`, 'not-held').stacktrace(`Look at: ${lookAt}`);
    else testCase.standardOutput(`expected ${expected}, measured ${measured}`);
  }
  return builder.build();
}

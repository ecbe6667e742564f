/** A crash test of a consumer of ours on the Kafka of the tests, or on one of its own. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { crashTest } from '../../../src/lab/crash-test/crash-test.ts';
import { skippedText } from '../../../src/lab/crash-test/judge/skipped-markers.ts';
import type { CrashTestOptions } from '../../../src/lab/crash-test/options.ts';
import type { CrashTestResult } from '../../../src/lab/crash-test/report/result.ts';
import { readSystem, type System } from '../../../src/lab/systems/file/read-system.ts';
import type { ServiceFile } from '../../../src/lab/systems/file/system-schema.ts';
import { readSettings } from '../../../src/pipeline/settings/read-settings.ts';
import { brokers } from '../../support/kafka.ts';

const file = join(import.meta.dirname, 'consumers', 'system.yaml');

/** @returns the system of `consumers/`, with what is different about its copier; it is run by the Node that the client was built for */
export function copierSystem(behaviour: string, more: Partial<ServiceFile> = {}): System {
  const system = readSystem(file);
  const { copier } = system.services;
  const env = { ...copier?.env, BEHAVIOUR: behaviour };
  return {
    ...system,
    folder: dirname(file),
    services: { copier: { ...copier, command: [process.execPath, 'consumer.mjs'], env, ...more } },
  };
}

type Options = Pick<CrashTestOptions, 'system' | 'minutes'> & Partial<CrashTestOptions>;

/** On the Kafka of the tests; `theirs: undefined` starts one. What is said goes to the test's diagnostics. */
export async function testSystem(context: TestContext, options: Options): Promise<CrashTestResult & { said: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'crash test '));
  const said: string[] = [];
  const say = (line: string): void => {
    said.push(line);
    context.diagnostic(line);
  };
  try {
    const theirs = readSettings({ KAFKA_BROKERS: brokers() });
    const result = await crashTest({ seed: '1', brokers: 1, theirs, folder, say, signal: context.signal, ...options });
    context.diagnostic(JSON.stringify(result.verdict));
    for (const remark of result.remarks) context.diagnostic(remark);
    return { ...result, said };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const tries = 3;

/** As `testSystem`. A run in which Kafka itself skipped ends of transactions (KAFKA-20734) shows nothing about the system: then the storm comes again. */
export async function testWithAllMarkers(context: TestContext, options: Options): Promise<CrashTestResult> {
  for (let left = tries; ; left -= 1) {
    const result = await testSystem(context, options);
    if (result.skippedMarkers.length === 0) return result;
    assert.ok(left > 1, `Kafka skipped ends of transactions in each of ${tries} runs: they show nothing about the system`);
    context.diagnostic(`once more: ${skippedText(result.skippedMarkers).join()}`);
  }
}

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { test } from 'node:test';
import { resolveJars } from '../../../src/lab/broker/jars.ts';
import { kafkaTools } from '../../../src/lab/broker/tools.ts';

/** Kafka moves its tools from release to release. */
test('every tool is in the jars of the embedded Kafka', async () => {
  const ofKafka = (await resolveJars()).filter((jar) => basename(jar).startsWith('kafka'));
  // The names of the files in a jar stand in it as they are.
  const jars = await Promise.all(ofKafka.map((jar) => readFile(jar)));
  const missing = Object.entries(kafkaTools).filter(([, mainClass]) => {
    const file = `${mainClass.replaceAll('.', '/')}.class`;
    return !jars.some((jar) => jar.includes(file));
  });
  assert.deepEqual(missing, []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { preparationFor, whyNotHere, whyOwnLab } from '../../../src/order-lab/scenario/lab-needs.ts';

const kafka = { name: 'kafka', service: 'kafka', state: 'healthy' } as const;
const analytics = { name: 'analytics-service', service: 'analytics-service', state: 'healthy' } as const;
const inventory = (number: number, state: 'healthy' | 'stopped' = 'healthy') =>
  ({ name: `inventory-service.${number}`, service: 'inventory-service', state }) as const;

test('a scenario that starts brokers, sets variables or starts the lab again says why it needs a lab of its own', () => {
  assert.equal(whyOwnLab({}), null);
  assert.match(whyOwnLab({ threeBrokers: true }) ?? '', /three brokers/);
  assert.match(whyOwnLab({ environment: { FAIL_RATE: '0' } }) ?? '', /variables/);
  assert.match(whyOwnLab({ needsOwnLab: true }) ?? '', /starts the lab again/);
});

test('who kills Kafka cannot do it where Kafka is somebody else’s', () => {
  assert.equal(whyNotHere({ strikesKafka: true }, [kafka, analytics]), null);
  assert.match(whyNotHere({ strikesKafka: true }, [analytics]) ?? '', /the Kafka of this lab is none of its processes/);
  assert.equal(whyNotHere({}, [analytics]), null);
});

test('a lab that is as the scenario expects it is left alone', () => {
  assert.deepEqual(preparationFor({}, [kafka, analytics, inventory(1)]), { start: [], scaleTo: undefined });
  assert.deepEqual(preparationFor({ scale: 2 }, [kafka, analytics, inventory(1), inventory(2)]), { start: [], scaleTo: undefined });
});

test('it is scaled to what the scenario begins with, and what was stopped is started', () => {
  assert.deepEqual(preparationFor({}, [kafka, analytics, inventory(1), inventory(2)]), { start: [], scaleTo: 1 });
  assert.deepEqual(preparationFor({ scale: 2 }, [analytics, inventory(1)]), { start: [], scaleTo: 2 });
  assert.deepEqual(preparationFor({}, [{ ...analytics, state: 'stopped' }, inventory(1, 'stopped'), inventory(2, 'stopped')]), {
    start: ['analytics-service', 'inventory-service.1'],
    scaleTo: 1,
  });
});

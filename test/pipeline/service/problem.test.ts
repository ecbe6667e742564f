import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problem, problemBody } from '../../../src/pipeline/service/problem.ts';

test('a problem whose title is that of its status has no type of its own (RFC 9457, section 4.2.1)', () => {
  assert.equal(problemBody(404, 'Not Found', 'no such order').type, 'about:blank');
  assert.equal(problemBody(409, 'Load test running', 'wait').type, 'urn:replayground:problem:load-test-running');
});

test('members of a problem cannot hide what is wrong', () => {
  assert.equal(problemBody(503, 'Kafka is away', 'wait', { members: { status: 'fine', orderId: 'o-1' } }).status, 503);
});

test('only what may pass by itself is worth a retry', () => {
  assert.ok(problem(503, 'Kafka is away', 'wait').retriable);
  assert.ok(!problem(422, 'Too many', 'fewer').retriable);
});

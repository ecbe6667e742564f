/** What cannot be done is the caller's affair: 404 for what is not there, 422 for what cannot be, 409 for what cannot be now, 503 for Kafka. */
import { ReplaygroundError } from '../../kafka/errors.ts';
import { HttpProblem, problem } from '../../pipeline/service/problem.ts';

const notThere = new Set(['not-running', 'no-backup', 'no-topic', 'no-record']);
const cannotBe = new Set(['usage', 'cannot-plan', 'bad-group-name', 'other-system']);
const away = new Set(['kafka-error', 'kafka-deadline', 'kafka-advertised', 'worker-ended']);

/**
 * @param change what is asked for
 * @throws HttpProblem with the detail of the error
 */
export async function refusable<T>(change: () => T | Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof ReplaygroundError) || error instanceof HttpProblem) throw error;
    if (notThere.has(error.code)) throw problem(404, 'Not Found', error.message);
    if (cannotBe.has(error.code)) throw problem(422, 'Unprocessable Entity', error.message);
    if (away.has(error.code) || error.code.endsWith('-unreachable'))
      throw problem(503, 'Service Unavailable', error.message, { headers: { 'retry-after': '1' } });
    throw problem(409, 'Conflict', error.message);
  }
}

/** analytics-service as a process: the replayable view and its HTTP API. */
import { runService } from '../service/run-service.ts';
import { startAnalytics } from './start.ts';

await runService('analytics-service', startAnalytics);

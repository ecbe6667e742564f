/** analytics-service as a process: the replayable view and its HTTP API. */
import { useLabNode } from '../service/use-lab-node.ts';

await useLabNode();
const { claimInstance } = await import('../service/claim-instance.ts');
const { runService } = await import('../service/run-service.ts');
const { startAnalytics } = await import('./start.ts');
await runService('analytics-service', startAnalytics, claimInstance('analytics-service', 16));

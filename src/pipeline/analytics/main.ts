/** analytics-service as a process: the replayable view and its HTTP API. */
import { useLabNode } from '../service/use-lab-node.ts';

await useLabNode();
const { claimInstance } = await import('../service/claim-instance.ts');
const { runService } = await import('../service/run-service.ts');
const { isSet } = await import('../settings/read-settings.ts');
const { startAnalytics } = await import('./start.ts');
const claimed = claimInstance('analytics-service', 16);
/** Another instance by hand takes a free port: the first one has the known one. */
const claim: typeof claimed = (settings, env) => {
  const { instance, analyticsServicePort, ...rest } = claimed(settings, env);
  const isAnother = !isSet('instance', env) && instance !== '1';
  return { ...rest, instance, analyticsServicePort: isAnother ? 0 : analyticsServicePort };
};
await runService('analytics-service', startAnalytics, claim);

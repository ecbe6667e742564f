/** notification-service as a process: one worker of the share group that tells customers of decisions. */
import { useLabNode } from '../service/use-lab-node.ts';

await useLabNode();
const { claimInstance } = await import('../service/claim-instance.ts');
const { runService } = await import('../service/run-service.ts');
const { startNotifications } = await import('./start.ts');
await runService('notification-service', startNotifications, claimInstance('notification-service', 100));

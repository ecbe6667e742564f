/** inventory-service as a process: one instance of the group that decides on orders. */
import { useLabNode } from '../service/use-lab-node.ts';

await useLabNode();
const { claimInstance } = await import('../service/claim-instance.ts');
const { runService } = await import('../service/run-service.ts');
const { startInventory } = await import('./start.ts');
await runService('inventory-service', startInventory, claimInstance('inventory-service', 100));

/** inventory-service as a process: one instance of the group that decides on orders. */
import { runService } from '../service/run-service.ts';
import { startInventory } from './start.ts';

await runService('inventory-service', startInventory);

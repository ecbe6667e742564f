/** The order-service process: serves HTTP, or with MODE=burst sends one burst and ends. */
import { useLabNode } from '../service/use-lab-node.ts';

await useLabNode();
if (process.env.MODE?.trim().toLowerCase() === 'burst') {
  const { exitNow } = await import('../service/exit-now.ts');
  const { burstAndEnd } = await import('./burst-and-end.ts');
  exitNow(await burstAndEnd());
}
const { runService } = await import('../service/run-service.ts');
const { startOrderService } = await import('./app.ts');
await runService('order-service', startOrderService);

/** The command of the exercises, `src/orders/main.ts`: the service itself is in src/pipeline/orders/. */
import '../pipeline/orders/main.ts';

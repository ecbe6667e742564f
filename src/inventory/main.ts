/** The command of the exercises, `src/inventory/main.ts`: the service itself is in src/pipeline/inventory/. */
import '../pipeline/inventory/main.ts';

/** The command of the exercises, `src/analytics/main.ts`: the service itself is in src/pipeline/analytics/. */
import '../pipeline/analytics/main.ts';

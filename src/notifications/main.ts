/** The command of the exercises, `src/notifications/main.ts`: the service itself is in src/pipeline/notifications/. */
import '../pipeline/notifications/main.ts';

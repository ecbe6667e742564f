/** The programs that `tsc --build` turns into plain JavaScript in dist/ (tsconfig.dist.json). */
import './analytics/main.ts';
import './order-lab/cli/main.ts';
import './inventory/main.ts';
import './kafka/groups/inspector-process.ts';
import './load-generator/load-generator.ts';
import './notifications/main.ts';
import './orders/main.ts';

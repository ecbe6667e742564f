/** What the API answers to who reads a log. */
import type { Command } from './command.ts';

/** `GET /api/logs/:name?tail=200`: `lab`, `kafka`, or a process. */
export type LogTail = { name: string; lines: LogLineView[]; command: Command };
/** `GET /api/logs/:name/live?tail=50`: server-sent events `line`, each one of these. */
export type LogLineView = { at: string | null; level: 'info' | 'warn' | 'error'; text: string };

/** What shows the way of an order in a terminal. */
import { labLine, quoted } from '../../lab/commands/terminal.ts';
import type { Command, Terminal } from '../wire/all.ts';

export const journeyCommand = (terminal: Terminal, topics: readonly string[], orderId: string): Command => ({
  lab: topics.map((topic) => labLine(terminal, ['tail', quoted(topic), '--from', 'earliest', '-e', '--key', quoted(orderId)])).join('; '),
  kafka: null,
});

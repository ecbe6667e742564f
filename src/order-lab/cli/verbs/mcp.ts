/** `./lab mcp`: the lab for an assistant, by the Model Context Protocol over stdin and stdout. */
import type { Command } from 'commander';
import { version } from '../../../pipeline/settings/version.ts';
import { serve } from '../../mcp/server.ts';

export function register(program: Command): void {
  program
    .command('mcp')
    .description('serve the lab to an assistant (Model Context Protocol, over stdio); only to look, unless told otherwise')
    .option('--allow-changes', 'also tools that change something: set, scale, burst, kill, offsets reset and undo, redrive')
    .addHelpText(
      'after',
      '\nExamples:\n  ./lab mcp --allow-changes\n  claude mcp add replayground -- /path/to/replayground/lab mcp\n\nOthers: docs/mcp.md',
    )
    .action(({ allowChanges }: { allowChanges?: boolean }) => serve({ version, allowChanges: allowChanges ?? false }));
}

/** The lab as an MCP server over stdio (modelcontextprotocol.io): each tool is a verb, its schemas are those of `--json`. */
import { type CallToolResult, fromJsonSchema, type JsonSchemaType, McpServer, type TextContent } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { readingTools } from './reading-tools.ts';
import { runVerb } from './run-verb.ts';
import { type LabTool, outputSchema, structured } from './tool.ts';
import { writingTools } from './writing-tools.ts';

export type McpOptions = { version: string; allowChanges: boolean };

/** @returns the tools that there are */
export const toolsFor = (allowChanges: boolean): LabTool[] => [...readingTools, ...(allowChanges ? writingTools : [])];

/** Serves until the other side closes stdin. */
export function serve({ version, allowChanges }: McpOptions): void {
  serveStdio(() => {
    const server = new McpServer({ name: 'replayground', title: 'Replayground', version }, { instructions: instructions(allowChanges) });
    for (const tool of toolsFor(allowChanges)) register(server, tool);
    return server;
  });
}

const instructions = (allowChanges: boolean): string =>
  [
    'A laboratory around a real Kafka order pipeline: order-events -> inventory-service -> inventory-events -> analytics-service.',
    'Ask explain first: it says what is seen and what it comes from. lag has the figures, ledger proves that nothing is lost.',
    allowChanges
      ? 'Plan before you change: offsets_plan, redrive_plan.'
      : 'This server only looks: ./lab mcp --allow-changes has tools that change something.',
  ].join(' ');

function register(server: McpServer, tool: LabTool): void {
  const { name, title, description, input, change, call } = tool;
  const inputSchema = fromJsonSchema({ ...input, additionalProperties: false } as JsonSchemaType);
  const annotations = {
    readOnlyHint: change === undefined,
    destructiveHint: change?.destructive ?? false,
    idempotentHint: change?.idempotent ?? true,
    openWorldHint: false,
  };
  const config = { title, description, inputSchema, outputSchema: fromJsonSchema(outputSchema(tool) as JsonSchemaType), annotations };
  server.registerTool(name, config, async (given, { mcpReq }) => answerOf(tool, await runVerb(call(given as never), mcpReq.signal)));
}

function answerOf(tool: LabTool, { printed, notes, failure }: Awaited<ReturnType<typeof runVerb>>): CallToolResult {
  const said = [...notes, ...(failure ? [`${failure.message} (${failure.code})`] : [])].map(
    (text): TextContent => ({ type: 'text', text }),
  );
  if (failure && printed === '') return { content: said, isError: true };
  return { content: [{ type: 'text', text: printed }, ...said], structuredContent: structured(tool, printed) };
}

/** An assistant as `./lab mcp` sees it: the client of the protocol's own SDK, over stdio. */
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';

export type McpAnswer = { isError?: boolean; structuredContent?: Record<string, unknown>; content: { type: string; text?: string }[] };

export type Assistant = AsyncDisposable & {
  client: Client;
  /** The SDK refuses an answer that does not fit the tool's own schema. */
  call: (name: string, args?: Record<string, unknown>) => Promise<McpAnswer>;
};

/**
 * @param env of the server
 * @param args more of them for `./lab mcp`
 */
export async function connectAssistant(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Assistant> {
  const main = join(projectRoot, 'src/order-lab/cli/main.ts');
  const client = new Client({ name: 'test', version: '1' });
  const given = Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: ['--disable-warning=ExperimentalWarning', main, 'mcp', ...args],
      env: given,
    }),
  );
  return {
    client,
    call: async (name, values = {}) => (await client.callTool({ name, arguments: values }, { timeout: 120_000 })) as McpAnswer,
    [Symbol.asyncDispose]: () => client.close(),
  };
}

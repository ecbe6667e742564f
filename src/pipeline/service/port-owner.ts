/** Whose a port is that is in use, where it is one of the project's own programs: they tell their name at `/openapi.json`. */

const timeoutMs = 1000;
const titles = ['order-service', 'analytics-service', 'inventory-service', 'Replayground lab'];

/**
 * @param host address that somebody listens on
 * @param own ports of the lab in question, where there is one
 * @returns `this lab's order-service`, `the order-service of another lab, or one that runs by hand`, or `another program`
 */
export async function portOwner(host: string, port: number, own: readonly (number | null)[] = []): Promise<string> {
  const title = await titleAt(`http://${host.includes(':') ? `[${host}]` : host}:${port}/openapi.json`);
  if (title === undefined || !titles.includes(title)) return 'another program';
  const name = title === 'Replayground lab' ? 'dashboard' : title;
  return own.includes(port) ? `this lab's ${name}` : `the ${name} of another lab, or one that runs by hand`;
}

async function titleAt(url: string): Promise<string | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    return ((await answer.json()) as { info?: { title?: string } }).info?.title;
  } catch {
    return undefined;
  }
}

/** Calls to the lab: JSON in, JSON out, and one kind of error that says what a person can do. */

export class ApiError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
  }
}

type Problem = { title?: string; detail?: string; errors?: { path: string; message: string }[] };

/** @returns what a person should read about a failed answer (RFC 9457) */
export function problemText(status: number, body: Problem | undefined): string {
  const errors = body?.errors?.map(({ path, message }) => `${path.replace(/^\//, '') || 'request'}: ${message}`).join('; ');
  return errors || body?.detail || body?.title || `the lab answered ${status}`;
}

/** On a recorded page nobody is asked: what was answered is in the recording. */
export const answers: { from: ((path: string) => unknown) | null } = { from: null };

/**
 * @param method of the call
 * @param path from `/api/` on, with its query
 * @param body sent as JSON
 * @throws ApiError status 0 where nobody answered
 */
export async function call<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  if (answers.from) return answers.from(path) as T;
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      signal: signal ?? AbortSignal.timeout(120_000),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, 'the lab does not answer: is it running? ./lab ps');
  }
  const text = await response.text();
  const json = parse(text);
  if (!response.ok) throw new ApiError(response.status, problemText(response.status, json as Problem | undefined));
  return json as T;
}

export const get = <T>(path: string, signal?: AbortSignal): Promise<T> => call<T>('GET', path, undefined, signal);
export const post = <T>(path: string, body: unknown = {}): Promise<T> => call<T>('POST', path, body);

/** @param parameters those that are undefined or empty are left out @returns `?a=1&b=2`, or nothing */
export function query(parameters: Record<string, string | number | undefined>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

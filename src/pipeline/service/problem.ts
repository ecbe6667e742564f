/** Errors of the HTTP APIs as data: RFC 9457 problem details. */
import { STATUS_CODES } from 'node:http';
import { ReplaygroundError } from '../../kafka/errors.ts';

export const problemContentType = 'application/problem+json; charset=utf-8';

/** One wrong field: `path` is a JSON Pointer (RFC 6901), `/items/0/qty`; empty for the whole body. */
export type FieldError = { path: string; message: string };

export type ProblemExtra = {
  /** Headers of the answer, such as `retry-after`. */
  headers?: Record<string, string>;
  errors?: FieldError[];
  /** Further members of the body, such as the id to send again. */
  members?: Record<string, unknown>;
  cause?: unknown;
};

export type ProblemBody = { type: string; title: string; status: number; detail: string; errors?: FieldError[] } & Record<string, unknown>;

/** Thrown by a route to answer with a problem. */
export class HttpProblem extends ReplaygroundError {
  readonly statusCode: number;
  readonly title: string;
  readonly extra: ProblemExtra;

  constructor(status: number, title: string, detail: string, extra: ProblemExtra) {
    super(`http-${status}`, detail, { cause: extra.cause, retriable: status === 429 || status === 503 });
    this.statusCode = status;
    this.title = title;
    this.extra = extra;
  }
}

/**
 * @param status HTTP status code
 * @param title the kind of problem, the same for each of its kind
 * @param detail what is wrong this time and what to do about it
 * @returns an error to throw from a route
 */
export const problem = (status: number, title: string, detail: string, extra: ProblemExtra = {}): HttpProblem =>
  new HttpProblem(status, title, detail, extra);

/** @returns the body of the answer; `type` is a URN made of the title, or `about:blank` where the status code says it all */
export function problemBody(status: number, title: string, detail: string, extra: ProblemExtra = {}): ProblemBody {
  const slug = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const type = title === STATUS_CODES[status] ? 'about:blank' : `urn:replayground:problem:${slug}`;
  return { ...extra.members, type, title, status, detail, ...(extra.errors && { errors: extra.errors }) };
}

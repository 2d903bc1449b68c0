/** The errors of requests to the server. */
import type { Problem } from '../../../../../shared/web-api/problem.ts';

/** The server answered with a problem. */
export class ApiProblem extends Error {
  readonly code: string;
  readonly status: number;

  constructor(problem: Pick<Problem, 'code' | 'status' | 'title' | 'detail'>) {
    const { title, detail } = problem;
    super(detail === undefined ? `${title}.` : `${title}: ${detail}.`);
    this.name = 'ApiProblem';
    this.code = problem.code;
    this.status = problem.status;
  }
}

/** There was no answer: the network or the server is down. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('The server cannot be reached right now.', { cause });
    this.name = 'Unreachable';
  }
}

export const isSignedOut = (error: unknown): boolean =>
  error instanceof ApiProblem && error.code === 'signed-out';

/** Returns the code of a problem; undefined if the server did not answer. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof ApiProblem ? error.code : undefined;

/** Returns a sentence for the person. */
export const messageOf = (error: unknown): string =>
  error instanceof ApiProblem || error instanceof Unreachable
    ? error.message
    : 'Something went wrong on this page. Load it anew, please.';

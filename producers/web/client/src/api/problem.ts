/** What can go wrong between this page and the server. */
import type { Problem } from '../../../../../shared/web-api/problem.ts';

/** The server answered that it did not do it. */
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

/** No answer came: the network, or the server, is away. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('The server cannot be reached right now.', { cause });
    this.name = 'Unreachable';
  }
}

export const isSignedOut = (error: unknown): boolean =>
  error instanceof ApiProblem && error.code === 'signed-out';

/** One sentence for a person. */
export const messageOf = (error: unknown): string =>
  error instanceof ApiProblem || error instanceof Unreachable
    ? error.message
    : 'Something went wrong on this page. Load it anew, please.';

/** Errors of requests: RFC 9457 problem details, with `code` for programs and `detail` for people. */

/** All codes, each with its HTTP status and its title. docs/WEB.md lists the same. */
export const PROBLEMS = {
  'request-invalid': { status: 400, title: 'The request is not of the documented form' },
  'key-missing': { status: 400, title: 'A command needs an Idempotency-Key' },
  'signed-out': { status: 401, title: 'Sign in first' },
  'credentials-wrong': { status: 401, title: 'The user name or password is wrong' },
  forbidden: { status: 403, title: 'Only an administrator may do this' },
  'cross-site': { status: 403, title: 'The request came from another site' },
  'password-change-needed': { status: 403, title: 'Change the password you were given first' },
  'user-disabled': { status: 403, title: 'An administrator has disabled this user' },
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'name-taken': { status: 409, title: 'This user name is taken' },
  'last-administrator': { status: 409, title: 'The last administrator must stay one' },
  'not-replayable': { status: 409, title: 'This message cannot be replayed' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'media-type-unknown': { status: 415, title: 'The body is not JSON' },
  'password-weak': { status: 422, title: 'Choose another password' },
  'time-unknown': { status: 422, title: 'The ledger has nothing of this time' },
  'key-reused': { status: 422, title: 'This key was used for another command' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong here' },
  unavailable: { status: 503, title: 'A service behind this is away for now' },
  'no-answer': { status: 504, title: 'No answer in time' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

export type Problem = {
  type: string;
  title: string;
  status: number;
  code: string;
  detail?: string;
  /** The id of the request, as in the server's log. */
  instance?: string;
};

export const PROBLEM_TYPE = 'application/problem+json';

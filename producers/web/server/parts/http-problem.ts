/** The refusal of a request, which any code throws and one error handler renders. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TransientError } from '../../../../shared/runtime/errors.ts';
import type { Logger } from '../../../../shared/runtime/logger.ts';
import {
  PROBLEM_TYPE,
  PROBLEMS,
  type Problem,
  type ProblemCode,
} from '../../../../shared/web-api/problem.ts';

/** A refusal with a code of the catalogue in `shared/web-api/problem.ts`; `detail` is for the client. */
export class HttpProblem extends Error {
  readonly code: ProblemCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, detail = '', headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.name = 'HttpProblem';
    this.code = code;
    this.headers = headers;
  }
}

/** `59 s`, `15 minutes`. */
const renderWait = (seconds: number): string =>
  seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`;

/** Refuses a request for a number of seconds; `note` adds to what the client is told. */
export const tooMany = (retryAfterS: number, note = ''): HttpProblem =>
  new HttpProblem('too-many-requests', `try again in ${renderWait(retryAfterS)}${note}`, {
    'retry-after': retryAfterS.toString(),
  });

/** Problem codes for refusals by fastify itself. */
const OF_FASTIFY: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media-type-unknown',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request-invalid',
  FST_ERR_CTP_INVALID_JSON_BODY: 'request-invalid',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request-invalid',
  FST_ERR_VALIDATION: 'request-invalid',
  FST_ERR_BAD_URL: 'request-invalid',
};

/** Turns any thrown value into a refusal; an unexpected error becomes `internal` without details. */
export function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof TransientError) return new HttpProblem('unavailable', '', RETRY_SOON);
  const { code = '', statusCode = 500, message = '' } = error as Partial<FastifyError>;
  const known = OF_FASTIFY[code];
  if (known !== undefined) return new HttpProblem(known, message);
  if (statusCode >= 400 && statusCode < 500) return new HttpProblem('request-invalid');
  return new HttpProblem('internal');
}

const RETRY_SOON = { 'retry-after': '2' };

function renderProblem({ code, message }: HttpProblem, requestId: string): Problem {
  const { status, title } = PROBLEMS[code];
  return {
    type: `urn:daytrade:problem:${code}`,
    title,
    status,
    code,
    ...(message !== '' && { detail: message }),
    instance: requestId,
  };
}

/** Makes the app answer errors as problem details, and log those that are not the fault of the client. */
export function answerProblems(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler(async (error: unknown, request, reply) => {
    const problem = problemOf(error);
    if (problem.code === 'internal') log.error('request failed', { ...where(request), error });
    else if (problem.code === 'unavailable') log.warn('request held', { ...where(request), error });
    await send(reply, problem, request.id);
  });
}

/** Sends a problem as the answer. */
export async function send(
  reply: FastifyReply,
  problem: HttpProblem,
  requestId: string,
): Promise<void> {
  const body = renderProblem(problem, requestId);
  await reply
    .code(body.status)
    .headers({ 'cache-control': 'no-store', ...problem.headers })
    .type(PROBLEM_TYPE)
    .serializer(JSON.stringify)
    .send(body);
}

/** Log fields of a request: the route's pattern and not its URL, which may contain private data. */
const where = (request: FastifyRequest): Readonly<Record<string, unknown>> => ({
  requestId: request.id,
  method: request.method,
  route: request.routeOptions.url,
});

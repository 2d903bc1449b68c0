/** The route for all commands of SPEC §3, which take effect once per idempotency key. */
import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { SYSTEM_USER } from '../../../../shared/domain/identity.ts';
import { instant } from '../../../../shared/domain/time.ts';
import type { UserCommands } from '../../../../shared/messages/command-message.ts';
import { renderCommand } from '../../../../shared/messages/command-codec.ts';
import type { Command } from '../../../../shared/domain/command.ts';
import Type from 'typebox';
import { openNumberStock } from '../../../../shared/pg/number-stock.ts';
import type { Pool } from '../../../../shared/pg/pool.ts';
import {
  COMMAND_ANSWER,
  COMMAND_REQUEST,
  IDEMPOTENCY_KEY_PATTERN,
  type CommandAnswer,
} from '../../../../shared/web-api/command.ts';
import { answerOf } from '../views/answer-view.ts';
import type { WebAsker } from '../access/asker.ts';
import { askCommand } from '../parts/ask-command.ts';
import { commandOf } from '../parts/command-of-request.ts';
import { askerOf } from '../access/guard.ts';
import { HttpProblem } from '../parts/http-problem.ts';
import { DEADLINE_MS } from '../parts/limits.ts';
import { logAct } from '../access/security-log.ts';
import type { Api } from '../parts/validation.ts';
import type { WebParts } from '../parts/web-parts.ts';

const HEADERS = Type.Object({
  'idempotency-key': Type.Optional(Type.String({ pattern: IDEMPOTENCY_KEY_PATTERN })),
});

const SCHEMA = {
  tags: ['commands'],
  summary: 'Give a command; needs an Idempotency-Key of its own',
  description:
    'A key is remembered for 24 hours from its first use. Within them the same key again, ' +
    'after a lost answer, has no second effect and gets the first outcome; with another ' +
    'body it is refused. After them it is a new key. A command is decided within 10 s or ' +
    'not at all.',
  headers: HEADERS,
  body: COMMAND_REQUEST,
  response: { 200: COMMAND_ANSWER },
};

export function commandRoutes(api: Api, parts: WebParts): void {
  const { pool, orderLifetimeMs } = parts;
  const nextNumber = openNumberStock(pool);
  api.post(
    '/commands',
    {
      config: { counts: 'command' },
      schema: SCHEMA,
    },
    async (request): Promise<CommandAnswer> => {
      const asker = askerOf(request);
      const { number: wanted } = request.body;
      if (wanted !== undefined && !asker.isWorkload) {
        throw new HttpProblem('forbidden', 'numbers are given by the system');
      }
      const key = keyOf(request.headers['idempotency-key']);
      const command = commandOf(request.body);
      const number = wanted ?? (await nextNumber());
      const message = messageOf({ asker, command, key, number });
      if (isWholeLog(command)) await logWholeLog(pool, request, command.file);
      const outcome = await askCommand(parts, message, request.id);
      if (outcome.is === 'rejected' && outcome.reason === 'key-reused') {
        throw new HttpProblem('key-reused');
      }
      const answered = { number: outcome.number ?? number, request: request.body, orderLifetimeMs };
      return answerOf(outcome, answered);
    },
  );
}

/** Logs a dump of the whole log before it is requested, so that there is no dump without an entry. */
async function logWholeLog(pool: Pool, request: FastifyRequest, file: string): Promise<void> {
  const event = mayDumpAll(askerOf(request)) ? 'whole-log-dumped' : 'refused';
  await logAct(pool, request, { event, detail: `DUMPLOG,${file}` });
}

/** Only administrators may dump the whole log; the user of a workload token counts as one. */
const mayDumpAll = ({ role, isWorkload }: WebAsker): boolean =>
  role === 'administrator' || isWorkload;

function keyOf(header: string | readonly string[] | undefined): string {
  if (typeof header !== 'string') throw new HttpProblem('key-missing');
  return header;
}

const hashOf = (command: Command): string =>
  createHash('sha256')
    .update(JSON.stringify(renderCommand(command)))
    .digest('hex');

const isWholeLog = (command: Command): command is Command & { readonly type: 'DUMPLOG' } =>
  command.type === 'DUMPLOG' && command.scope === 'all';

/**
 * Makes the message of a command. The dump of the whole log belongs to the system user, as in a workload, but
 * its key is one of the asker's. The time in the name of the stream makes a new one of each use of a key.
 */
function messageOf({
  asker,
  command,
  key,
  number,
}: {
  readonly asker: WebAsker;
  readonly command: Command;
  readonly key: string;
  readonly number: number;
}): UserCommands {
  const administrator = mayDumpAll(asker);
  const isSystems = administrator && isWholeLog(command);
  const owner = isSystems ? `${asker.user}:` : '';
  return {
    type: 'commands',
    user: isSystems ? SYSTEM_USER : asker.user,
    stream: `web:${owner}${key}@${asker.now}`,
    position: 1,
    commands: [{ number, command }],
    administrator,
    deadline: instant(asker.now + DEADLINE_MS),
    again: false,
    bodyHash: hashOf(command),
    key: { owner: asker.user, name: key },
  };
}

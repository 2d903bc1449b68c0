/** The route for all commands of SPEC §3, which take effect once per idempotency key. */
import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { SYSTEM_USER } from '../../../../shared/domain/identity.ts';
import { instant } from '../../../../shared/domain/time.ts';
import type { UserCommands } from '../../../../shared/messages/command-message.ts';
import { renderCommand } from '../../../../shared/messages/command-codec.ts';
import type { Command } from '../../../../shared/domain/command.ts';
import Type from 'typebox';
import {
  claimKeys,
  KEY_LIFETIME_MS,
  type ClaimedKey,
  type KeyUse,
} from '../../../../shared/pg/idempotency-keys.ts';
import type { Pool } from '../../../../shared/pg/pool.ts';
import { together } from '../../../../shared/runtime/together.ts';
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
import { DEADLINE_MS, TOGETHER_MAX } from '../parts/limits.ts';
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
  const claimKey = claimTogether(pool);
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
      const bodyHash = hashOf(command);
      const claimed = await claimKey({
        user: asker.user,
        key,
        bodyHash,
        numbers: wanted === undefined ? [] : [wanted],
        draw: wanted === undefined ? 1 : 0,
        stream: isSystems(asker, command) ? `web:${asker.user}:${key}` : `web:${key}`,
        lifetimeMs: KEY_LIFETIME_MS,
      });
      const [number] = claimed.numbers;
      if (claimed.bodyHash !== bodyHash || number === undefined) {
        throw new HttpProblem('key-reused');
      }
      const message = messageOf({ asker, command, claimed, number });
      const isWholeLog = command.type === 'DUMPLOG' && command.scope === 'all';
      if (isWholeLog && !claimed.again) await logWholeLog(pool, request, command.file);
      const outcome = await askCommand(parts, message, request.id);
      if (outcome.is === 'rejected' && outcome.reason === 'key-reused') {
        throw new HttpProblem('key-reused');
      }
      return answerOf(outcome, { number, request: request.body, orderLifetimeMs });
    },
  );
}

/**
 * Claims the keys of commands that come at the same time in one commit. A key goes into it only once: its second
 * use at the same time finds the first.
 */
const claimTogether = (pool: Pool): ((use: KeyUse) => Promise<ClaimedKey>) =>
  together({
    load: (uses) => claimKeys(pool, uses),
    keyOf: ({ user, key }) => `${user} ${key}`,
    most: TOGETHER_MAX,
  });

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

/** Whether the command belongs to the system user, as a dump of the whole log does in a workload. */
const isSystems = (asker: WebAsker, command: Command): boolean =>
  mayDumpAll(asker) && command.type === 'DUMPLOG' && command.scope === 'all';

function messageOf({
  asker,
  command,
  claimed,
  number,
}: {
  readonly asker: WebAsker;
  readonly command: Command;
  readonly claimed: ClaimedKey;
  readonly number: number;
}): UserCommands {
  return {
    type: 'commands',
    user: isSystems(asker, command) ? SYSTEM_USER : asker.user,
    stream: claimed.stream,
    position: 1,
    commands: [{ number, command }],
    administrator: mayDumpAll(asker),
    deadline: instant(claimed.now + DEADLINE_MS),
    again: claimed.again,
    bodyHash: claimed.bodyHash,
  };
}

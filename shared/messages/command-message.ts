/** A message on `commands.shard.NN`: consecutive commands of one user, or one trigger of a user to fire. */
import type { Command, FireTrigger, UnreadableCommand } from '../domain/command.ts';
import {
  armingId,
  parseSymbol,
  parseUserId,
  SYSTEM_USER,
  type IdempotencyKey,
  type UserId,
} from '../domain/identity.ts';
import { instant, type Instant } from '../domain/time.ts';
import { parseCommand, renderCommand } from './command-codec.ts';
import {
  asArray,
  asInteger,
  asOptional,
  asRecord,
  asString,
  parseRecord,
  unreadable,
} from './json.ts';

const COMMAND_MESSAGE_VERSION = 1;
/** The most commands in one message; producers pack far fewer. */
export const COMMANDS_MAX = 1_000;

export type NumberedCommand = {
  /** The transaction number, which identifies a command within its run. */
  readonly number: number;
  readonly command: Command | UnreadableCommand;
};

export type UserCommands = {
  readonly type: 'commands';
  readonly user: UserId;
  /** The id of the producer's run or web write. Its positions count per user, from 1, without gaps. */
  readonly stream: string;
  /** The position of the first command. */
  readonly position: number;
  readonly commands: readonly NumberedCommand[];
  /** Whether the sender may dump the whole log. */
  readonly administrator: boolean;
  /** The last instant at which the commands are in time; later they are rejected as `too-late`. */
  readonly deadline?: Instant;
  /** Whether the message may have been sent before. If so, no quote is requested ahead of its decision. */
  readonly again: boolean;
  /** The hash of the body that was sent under a key, which distinguishes it from another body. */
  readonly bodyHash?: string;
  /**
   * The idempotency key of a command from the web, which takes effect once per key. Its message has one command
   * and a stream of its own. If the key was used before, stream and number are those of its first use.
   */
  readonly key?: IdempotencyKey;
};

export type UserFiring = {
  readonly type: 'firing';
  readonly user: UserId;
  readonly firing: FireTrigger;
};

export type CommandMessage = UserCommands | UserFiring;

/** Renders a command message as `parseCommandMessage` reads it. */
export function renderCommandMessage(message: CommandMessage): Buffer {
  const { user } = message;
  const v = COMMAND_MESSAGE_VERSION;
  if (message.type === 'firing') {
    const { side, symbol, armingId: id } = message.firing;
    return Buffer.from(JSON.stringify({ v, user, fire: { side, symbol, id } }));
  }
  return Buffer.from(
    JSON.stringify({
      v,
      user,
      stream: message.stream,
      position: message.position,
      admin: message.administrator || undefined,
      deadline: message.deadline,
      again: message.again || undefined,
      hash: message.bodyHash,
      key: message.key,
      commands: message.commands.map(({ number, command }) => ({
        i: number,
        ...renderCommand(command),
      })),
    }),
  );
}

/** Parses a command message. Throws a `ContractError` if the body is not one. */
export function parseCommandMessage(body: Uint8Array): CommandMessage {
  const record = parseRecord(body, COMMAND_MESSAGE_VERSION);
  const user = asUser(record['user']);
  if (record['fire'] !== undefined) {
    return { type: 'firing', user, firing: parseFiring(record['fire']) };
  }
  const deadline = asOptional(record['deadline'], (value) => asInteger(value, 'the deadline'));
  const bodyHash = asOptional(record['hash'], (value) => asString(value, 'the hash'));
  const key = asOptional(record['key'], parseKey);
  const position = asInteger(record['position'], 'the position');
  const commands = parseCommands(record['commands']);
  if (key !== undefined && (position !== 1 || commands.length !== 1)) {
    throw unreadable('a message with a key has one command, at position 1');
  }
  return {
    type: 'commands',
    user,
    stream: asStream(record['stream']),
    position,
    commands,
    administrator: record['admin'] === true,
    again: record['again'] === true,
    ...(deadline !== undefined && { deadline: instant(deadline) }),
    ...(bodyHash !== undefined && { bodyHash }),
    ...(key !== undefined && { key }),
  };
}

function parseKey(value: unknown): IdempotencyKey {
  const record = asRecord(value, 'the key');
  return { owner: asUser(record['owner']), name: asString(record['name'], 'the name of the key') };
}

function asUser(value: unknown): UserId {
  const text = asString(value, 'the user');
  const user = text === SYSTEM_USER ? SYSTEM_USER : parseUserId(text);
  if (user === undefined) throw unreadable('the user is not 1 to 64 of A–Z a–z 0–9 _ . -');
  return user;
}

/** Enough for the longest stream, that of a whole log's dump from the web: `web:USER:KEY@TIME`. */
const STREAM_LENGTH_MAX = 256;

function asStream(value: unknown): string {
  const stream = asString(value, 'the stream');
  if (stream === '' || stream.length > STREAM_LENGTH_MAX) {
    throw unreadable(`the stream is not a text of 1 to ${STREAM_LENGTH_MAX} characters`);
  }
  return stream;
}

function parseCommands(value: unknown): readonly NumberedCommand[] {
  const list = asArray(value, 'the commands');
  if (list.length === 0 || list.length > COMMANDS_MAX) {
    throw unreadable(`a message holds 1 to ${COMMANDS_MAX} commands`);
  }
  return list.map((item) => {
    const record = asRecord(item, 'a command');
    return { number: asInteger(record['i'], 'a number'), command: parseCommand(record) };
  });
}

function parseFiring(value: unknown): FireTrigger {
  const record = asRecord(value, 'the firing');
  const symbol = parseSymbol(asString(record['symbol'], 'the symbol'));
  const { side } = record;
  if (symbol === undefined) throw unreadable('the symbol is not 1 to 3 of A–Z');
  if (side !== 'buy' && side !== 'sell') throw unreadable('the side is neither buy nor sell');
  const id = armingId(asString(record['id'], 'the arming'));
  if (!UUID.test(id)) throw unreadable('the arming is not a UUID');
  return { type: 'FIRE_TRIGGER', side, symbol, armingId: id };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

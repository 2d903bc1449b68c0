/**
 * `daytrade admin`: creates administrators of the web application. Access to the machine is enough
 * to do that.
 */
import { join } from 'node:path';
import type { Command } from 'commander';
import { hashPassword } from '../../producers/web/server/parts/passwords.ts';
import { newPassword } from '../../shared/runtime/secrets.ts';
import { parseUserId, type UserId } from '../../shared/domain/identity.ts';
import { openPool, type Pool } from '../../shared/pg/pool.ts';
import type { Config } from '../../shared/runtime/config.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { inTransaction } from '../../shared/pg/transaction.ts';
import { endAccess } from '../../shared/pg/web-access.ts';
import { logWebEvent } from '../../shared/pg/web-log.ts';
import { handOut, hasAdministrator, setPassword } from '../../shared/pg/web-users.ts';
import { CodedError, UsageError } from '../../shared/runtime/errors.ts';
import { withDatabase } from './open-database.ts';
import { say, table } from './output.ts';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';
import { isOnTerminal, writePrivateFile } from './private-file.ts';

/** The `address` of these events in the web log. */
const HERE = 'command line';

export function registerAdmin(program: Command): void {
  const admin = program.command('admin').description('manage the administrators of the web client');
  admin
    .command('create')
    .description('create an administrator; the password is printed once')
    .argument('<name>', 'the user name')
    .action(async (name: string) => {
      const user = userOf(name);
      const password = await withDatabase('admin', (pool) => createAdministrator(pool, user));
      if (password === undefined) {
        throw new CodedError(
          'not-finished',
          `${user} can sign in already.\n${OWN_COMMAND} admin reset-password ${user} gives a new password.`,
        );
      }
      printPassword(user, password);
    });
  admin
    .command('reset-password')
    .description(
      'give a user a new password, which is printed once, and end the sessions and tokens',
    )
    .argument('<name>', 'the user name')
    .action(async (name: string) => {
      const user = userOf(name);
      const password = await withDatabase('admin', (pool) => resetPassword(pool, user));
      if (password === undefined) {
        throw new CodedError('not-finished', `Nobody signs in as ${user}.`);
      }
      printPassword(user, password);
    });
}

function userOf(name: string): UserId {
  const user = parseUserId(name);
  if (user === undefined) {
    throw new UsageError(`"${name}" is no user name: 1 to 64 of A-Z a-z 0-9 _ . -`);
  }
  return user;
}

/**
 * Writes the password to standard output, for programs, and the text about it to standard error.
 */
function printPassword(user: UserId, password: string): void {
  say(`The password of ${user}, shown this once:`);
  process.stdout.write(`${password}\n`);
}

/** Resolves to the new password; undefined if the name is taken. */
export async function createAdministrator(pool: Pool, user: UserId): Promise<string | undefined> {
  const password = newPassword();
  const passwordHash = await hashPassword(password);
  const administrator = { user, passwordHash, role: 'administrator', mustChange: false } as const;
  if (!(await handOut(pool, administrator))) return undefined;
  await logWebEvent(pool, { event: 'user-handed-out', actor: undefined, user, address: HERE });
  return password;
}

/**
 * Resolves to the new password; undefined if no such user exists. Ends the user's sessions and
 * tokens.
 */
async function resetPassword(pool: Pool, user: UserId): Promise<string | undefined> {
  const password = newPassword();
  const passwordHash = await hashPassword(password);
  return await inTransaction(pool, async (client) => {
    const role = await setPassword(client, { user, passwordHash, mustChange: false });
    if (role === undefined) return undefined;
    await endAccess(client, user);
    await logWebEvent(client, { event: 'password-reset', actor: undefined, user, address: HERE });
    return password;
  });
}

/**
 * Shows the password itself on a terminal; otherwise stores it in a file, because the output is
 * kept.
 */
function showPassword(home: string, password: string): string {
  if (isOnTerminal()) return `password ${password} (shown this once)`;
  const file = join(home, 'administrator');
  writePrivateFile(file, `${password}\n`);
  return `password in ${file} (read it, then delete the file)`;
}

/** The administrator of a demonstration, created at its first start. */
export const DEMO_ADMINISTRATOR: UserId = userOf('admin');

/**
 * Says how to create an administrator if there is none. A system that runs on the stand-in for the
 * quote server is a demonstration: it gets an administrator with a random password, which is shown
 * once.
 */
export async function sayAdministrator(
  url: string,
  { home, quoteServer }: Pick<Config, 'home' | 'quoteServer'>,
  log: Logger,
): Promise<void> {
  const pool = openPool({ url, name: 'admin', size: 1, log });
  try {
    if (await hasAdministrator(pool)) return;
    const isDemonstration = quoteServer === undefined;
    const password = isDemonstration
      ? await createAdministrator(pool, DEMO_ADMINISTRATOR)
      : undefined;
    const text =
      password === undefined
        ? `none yet: ${OWN_COMMAND} admin create NAME`
        : `admin, ${showPassword(home, password)}`;
    say(table([['administrator', text]]));
  } finally {
    await pool.end();
  }
}

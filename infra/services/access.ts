/**
 * Creates one user per role on the broker and in the database, each with the fewest rights that it
 * needs.
 */
import { createHmac, scryptSync } from 'node:crypto';
import { brokerUrls, virtualHostOf } from '../../shared/amqp/broker-addresses.ts';
import { BROKER_ACCESS, patternOf } from '../../shared/messages/broker-access.ts';
import { applyGrants, type RoleLogin } from '../../shared/pg/apply-grants.ts';
import { probeDatabase } from '../../shared/pg/probe.ts';
import { ROLES, type Role } from '../../shared/runtime/roles.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { openManagement, type Management } from '../../shared/amqp/management.ts';

export type Urls = {
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  readonly managementUrl: string | undefined;
};

/** Returns the URLs of the services for a role, with that role's own users. */
export type Access = (role: Role) => Urls;

/** The roles that get a URL of the management API. */
const MANAGERS: readonly Role[] = ['web', 'operator'];

type AccessOptions = {
  readonly say: (line: string) => void;
  readonly log: Logger;
};

/**
 * Creates the users of all roles; call it after the migrations and the topology. If a given service
 * does not allow that, warns, and all roles use the one user of its URL.
 */
export async function openAccess(services: Urls, options: AccessOptions): Promise<Access> {
  const { amqpUrl, databaseUrl, managementUrl } = services;
  const onBroker = openLogins(amqpUrl);
  const inDatabase = openLogins(databaseUrl);
  const [hasBroker, hasDatabase] = await Promise.all([
    tryTo('AMQP_URL', () => prepareBroker(services, onBroker), options),
    tryTo('DATABASE_URL', () => prepareDatabase(databaseUrl, inDatabase), options),
  ]);
  const manager = (role: Role): string | undefined => {
    // The web server is the only process that uses the management API: it reads it for its system
    // page.
    if (managementUrl === undefined || !MANAGERS.includes(role)) return undefined;
    if (!hasBroker) return managementUrl;
    return urlAs(managementUrl, onBroker?.(role === 'operator' ? role : 'reader'));
  };
  return (role) => ({
    amqpUrl: hasBroker ? urlAs(amqpUrl, onBroker?.(role)) : amqpUrl,
    managementUrl: manager(role),
    databaseUrl:
      hasDatabase && role !== 'operator' ? urlAs(databaseUrl, inDatabase?.(role)) : databaseUrl,
  });
}

async function tryTo(
  variable: string,
  prepare: () => Promise<void>,
  { say, log }: AccessOptions,
): Promise<boolean> {
  try {
    await prepare();
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(`Warning: all processes use the one user of ${variable}: ${reason}`);
    log.warn('least privilege not applied', { variable, error });
    return false;
  }
}

const NO_PASSWORD = 'it has no password to make others from';

async function prepareBroker(
  { amqpUrl, managementUrl }: Urls,
  logins: Logins | undefined,
): Promise<void> {
  if (logins === undefined) throw new Error(NO_PASSWORD);
  if (managementUrl === undefined) throw new Error('AMQP_MANAGEMENT_URL is not set');
  const management = openManagement(managementUrl);
  const virtualHost = virtualHostOf(amqpUrl);
  await Promise.all(ROLES.map((role) => putUser(management, virtualHost, [role, logins(role)])));
}

async function putUser(
  management: Management,
  virtualHost: string,
  [role, { name, password }]: readonly [Role, Login],
): Promise<void> {
  const { configure, write, read, tags } = BROKER_ACCESS[role];
  const put = (): Promise<unknown> =>
    management.ask('PUT', ['users', name], { password, tags: tags.join(',') });
  // The broker refuses a user that another start makes at the same moment; then it exists, and is changed.
  await put().catch(async (error: unknown) => {
    if (!String(error).includes('user_already_exists')) throw error;
    await put();
  });
  await management.ask('PUT', ['permissions', virtualHost, name], {
    configure: patternOf(configure),
    write: patternOf(write),
    read: patternOf(read),
  });
}

async function prepareDatabase(url: string, logins: Logins | undefined): Promise<void> {
  if (logins === undefined) throw new Error(NO_PASSWORD);
  const all = ROLES.flatMap((role): readonly RoleLogin[] =>
    role === 'operator' ? [] : [{ role, ...logins(role) }],
  );
  await applyGrants(url, all);
  // Checks a login: a server may be configured to accept only the users that it knows.
  await probeDatabase(urlAs(url, logins('reader')));
}

type Login = { readonly name: string; readonly password: string };
type Logins = (role: Role) => Login;

/**
 * Derives the login of each role from the owner's password. No role password is stored, and each
 * machine of a system derives the same ones. Deriving back to the owner's password would take
 * guessing, which scrypt makes slow. Returns undefined if the URL has no password.
 */
export function openLogins(ownerUrl: string): Logins | undefined {
  const { username, password } = new URL(brokerUrls(ownerUrl)[0] ?? ownerUrl);
  if (password === '') return undefined;
  const owner = decodeURIComponent(username);
  const key = scryptSync(decodeURIComponent(password), 'daytrade roles', 32);
  return (role) => ({
    name: `${owner}_${role}`,
    password: createHmac('sha256', key).update(`${owner}/${role}`).digest('base64url'),
  });
}

/** Returns the URL, or each of several separated by commas, with another login. */
export function urlAs(urls: string, login: Login | undefined): string {
  if (login === undefined) return urls;
  return brokerUrls(urls)
    .map((url) => {
      const as = new URL(url);
      as.username = encodeURIComponent(login.name);
      as.password = encodeURIComponent(login.password);
      return as.href;
    })
    .join(',');
}

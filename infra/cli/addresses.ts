/** Shows the addresses of a running system. */
import { join } from 'node:path';
import type { SystemInfo, WebAddress } from '../../shared/control/system-info.ts';
import { table } from './output.ts';
import { isOnTerminal, writePrivateFile } from './private-file.ts';

const FILE = 'addresses';

/**
 * Writes the addresses with their passwords to a private file, and returns the text that is printed
 * when a system is up. The text contains the passwords only if standard error is a terminal.
 */
export function shownAddresses(info: SystemInfo, home: string): string {
  const all = addressesOf(info, home);
  const file = join(home, FILE);
  writePrivateFile(file, `${all}\n`);
  if (isOnTerminal()) return all;
  return table([
    ...(info.web === undefined ? [] : webRows(info.web)),
    ['users, passwords', `of broker, database and management UI: in ${file}`],
    ...placeRows(info, home),
  ]);
}

function addressesOf(info: SystemInfo, home: string): string {
  const managementUrl = info.operatorUrl ?? info.managementUrl;
  return table([
    ...(info.web === undefined ? [] : webRows(info.web)),
    ...(managementUrl === undefined ? [] : [managementRow(managementUrl, true)]),
    ['broker', info.amqpUrl],
    ['database', info.databaseUrl],
    ...placeRows(info, home),
  ]);
}

const placeRows = (
  info: SystemInfo,
  home: string,
): readonly (readonly [label: string, value: string])[] => [
  ['metrics', `${info.metricsUrl}/metrics`],
  ['data folder', home],
  ['logs', info.logFolder],
];

/** Returns the address of the web server, and how to trust its certificate. */
function webRows({ url, authority }: WebAddress): readonly (readonly [string, string])[] {
  if (authority === undefined) return [['web', `${url}/`]];
  return [
    ['web', `${url}/`],
    ['its certificate', `made here; import the authority ${authority.file}`],
    ['', `SHA-256 ${authority.fingerprint}`],
    ['', `curl --cacert '${authority.file}' ${url}/health`],
  ];
}

/**
 * Returns the management UI's address and login as a row. Browsers no longer accept a user and
 * password in a URL, so a person has to type them.
 */
export function managementRow(
  url: string,
  withPassword: boolean = isOnTerminal(),
): readonly [string, string] {
  const { username, password, origin } = new URL(url);
  if (username === '') return ['management UI', origin];
  const secret = withPassword ? `, password ${password}` : '';
  return ['management UI', `${origin}/  user ${username}${secret}`];
}

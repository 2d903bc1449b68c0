/** Where everything of a system is. */
import type { SystemInfo } from '../supervisor/control-server.ts';
import { table } from './output.ts';

/** The block that is printed when a system is up. */
export function addressesOf(info: SystemInfo, home: string): string {
  const { managementUrl } = info;
  return table([
    ...(managementUrl === undefined ? [] : managementRows(managementUrl)),
    ['broker', info.amqpUrl],
    ['database', info.databaseUrl],
    ['data folder', home],
    ['logs', info.logFolder],
  ]);
}

/** A browser takes no user and password from an address any more: they are typed. */
export function managementRows(url: string): readonly (readonly [string, string])[] {
  const { username, password, origin } = new URL(url);
  if (username === '') return [['management UI', origin]];
  return [['management UI', `${origin}/  user ${username}, password ${password}`]];
}

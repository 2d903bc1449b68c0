/** Where everything of a system is. */
import type { SystemInfo, WebAddress } from '../supervisor/control-server.ts';
import { table } from './output.ts';

/** The block that is printed when a system is up. */
export function addressesOf(info: SystemInfo, home: string): string {
  const managementUrl = info.operatorUrl ?? info.managementUrl;
  return table([
    ...(info.web === undefined ? [] : webRows(info.web)),
    ...(managementUrl === undefined ? [] : managementRows(managementUrl)),
    ['broker', info.amqpUrl],
    ['database', info.databaseUrl],
    ['metrics', `${info.metricsUrl}/metrics`],
    ['data folder', home],
    ['logs', info.logFolder],
  ]);
}

/** Where the web is, and how its certificate is trusted. */
function webRows({ url, authority }: WebAddress): readonly (readonly [string, string])[] {
  if (authority === undefined) return [['web', `${url}/`]];
  return [
    ['web', `${url}/`],
    ['its certificate', `made here; import the authority ${authority.file}`],
    ['', `SHA-256 ${authority.fingerprint}`],
    ['', `curl --cacert '${authority.file}' ${url}/health`],
  ];
}

/** A browser takes no user and password from an address any more: they are typed. */
export function managementRows(url: string): readonly (readonly [string, string])[] {
  const { username, password, origin } = new URL(url);
  if (username === '') return [['management UI', origin]];
  return [['management UI', `${origin}/  user ${username}, password ${password}`]];
}

/** The brokers of a cluster: where one does not answer, the next one is tried. */
import type { Options } from 'amqplib';

const HEARTBEAT_S = 10;
/** With others to go to, one that is cut off is left after two of these. */
const HEARTBEAT_CLUSTER_S = 1;

/** The addresses in an `AMQP_URL`: one, or several after each other with commas between. */
export const brokerUrls = (urls: string): readonly string[] =>
  urls.split(',').map((url) => url.trim());

/** The virtual host that they name, all the same. */
export function virtualHostOf(urls: string): string {
  const [url = ''] = brokerUrls(urls);
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  return name === '' ? '/' : name;
}

export type BrokerAddresses = {
  /** The driver reads it anew for each connection. */
  readonly current: Options.Connect;
  readonly count: number;
  /** Points `current` to the next broker. */
  readonly next: () => void;
};

export function openBrokerAddresses(urls: string): BrokerAddresses {
  const all = brokerUrls(urls);
  const options = all.map((url) => optionsOf(url, all.length > 1));
  const current: Options.Connect = { ...options[0] };
  let index = 0;
  const point = (): void => {
    for (const name of Object.keys(current)) Reflect.deleteProperty(current, name);
    Object.assign(current, options[index]);
  };
  return {
    current,
    count: options.length,
    next: () => {
      index = (index + 1) % options.length;
      point();
    },
  };
}

function optionsOf(url: string, isCluster: boolean): Options.Connect {
  const { protocol, hostname, port, username, password, pathname, searchParams } = new URL(url);
  const heartbeat = searchParams.get('heartbeat');
  return {
    protocol: protocol.slice(0, -1),
    hostname: hostname.replace(/^\[|\]$/g, ''),
    ...(port !== '' && { port: Number(port) }),
    ...(username !== '' && {
      username: decodeURIComponent(username),
      password: decodeURIComponent(password),
    }),
    // The driver decodes it.
    vhost: pathname.slice(1),
    heartbeat: Number(heartbeat ?? (isCluster ? HEARTBEAT_CLUSTER_S : HEARTBEAT_S)),
  };
}

/** The addresses of the brokers in an `AMQP_URL`. If one does not answer, the link tries the next. */
import type { Options } from 'amqplib';

const HEARTBEAT_S = 10;
/** The heartbeat in a cluster: short, because there are other brokers to connect to. */
const HEARTBEAT_CLUSTER_S = 1;

/** Splits an `AMQP_URL`, which has one address or several separated by commas. */
export const brokerUrls = (urls: string): readonly string[] =>
  urls.split(',').map((url) => url.trim());

/** Returns the virtual host of the first address; all addresses name the same. */
export function virtualHostOf(urls: string): string {
  const [url = ''] = brokerUrls(urls);
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  return name === '' ? '/' : name;
}

export type BrokerAddresses = {
  /** The options of the broker to connect to. The driver reads this object before each connection. */
  readonly current: Options.Connect;
  readonly count: number;
  /** Changes `current` to the options of the next broker. */
  readonly next: () => void;
};

/** Parses an `AMQP_URL` to connection options. `current` is the first broker at first. */
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
    // Not decoded here, because the driver decodes it.
    vhost: pathname.slice(1),
    heartbeat: Number(heartbeat ?? (isCluster ? HEARTBEAT_CLUSTER_S : HEARTBEAT_S)),
  };
}

/** Parses the values of the environment, and collects their faults. */
import { isIP } from 'node:net';
import { resolve } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The longest duration: eleven days. A timer of Node.js set to 25 days or more fires at once. */
const SECONDS_MAX = 1_000_000;

type HostAndPort = { readonly host: string; readonly port: number };

/** Each method returns undefined for a variable that is not set, is empty or has a fault. */
export class EnvironmentReader {
  readonly #environment: Environment;
  readonly #faults: string[] = [];

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** The faults found so far, one line each. */
  faults(): readonly string[] {
    return this.#faults;
  }

  addFault(fault: string): void {
    this.#faults.push(fault);
  }

  /** Parses a value; `parse` returns undefined for a fault, and `expected` ends its message. */
  read<Value>(
    name: string,
    parse: (text: string) => Value | undefined,
    expected: string,
  ): Value | undefined {
    const text = this.#environment[name]?.trim();
    if (text === undefined || text === '') return undefined;
    const value = parse(text);
    if (value === undefined) this.addFault(`${name}=${text}: expected ${expected}`);
    return value;
  }

  count(name: string, most: number, least = 1): number | undefined {
    return this.read(name, wholeUpTo(least, most), `a whole number from ${least} to ${most}`);
  }

  /** A port; 0 means any that is free. */
  port(name: string): number | undefined {
    return this.read(
      name,
      wholeUpTo(0, 65_535),
      'a port from 1 to 65535, or 0 for any that is free',
    );
  }

  /** A positive duration in milliseconds. */
  seconds(name: string): number | undefined {
    const expected = `seconds greater than 0, at most ${SECONDS_MAX}, fractions allowed`;
    return this.read(name, secondsAsMs, expected);
  }

  /** A duration in milliseconds; 0 means off. */
  secondsOrOff(name: string): number | undefined {
    return this.read(name, secondsOrOff, `seconds, at most ${SECONDS_MAX}, or 0 for off`);
  }

  /** A path, resolved against the folder in which the user called npm, else the current one. */
  path(name: string, expected: 'a file' | 'a folder'): string | undefined {
    return this.read(name, (text) => resolve(process.env['INIT_CWD'] ?? '', text), expected);
  }

  hostAndPort(name: string): HostAndPort | undefined {
    return this.read(name, hostAndPort, 'host:port');
  }

  url(name: string, protocols: readonly string[], expected: string): string | undefined {
    return this.read(name, (text) => (isUrl(text, protocols) ? text : undefined), expected);
  }

  /** One URL, or several separated by commas. */
  urls(name: string, protocols: readonly string[], expected: string): string | undefined {
    const areUrls = (text: string): boolean =>
      text.split(',').every((url) => isUrl(url.trim(), protocols));
    return this.read(name, (text) => (areUrls(text) ? text : undefined), expected);
  }

  choice<Choice extends string>(
    name: string,
    choices: readonly Choice[],
    expected: string,
  ): Choice | undefined {
    return this.read(name, (text) => choices.find((choice) => choice === text), expected);
  }

  ipAddress(name: string): string | undefined {
    return this.read(name, (text) => (isIP(text) === 0 ? undefined : text), 'an IP address');
  }

  flag(name: string): boolean | undefined {
    return this.read(name, flag, '1 or 0');
  }
}

const wholeUpTo =
  (least: number, most: number) =>
  (text: string): number | undefined => {
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= most ? value : undefined;
  };

function secondsAsMs(text: string): number | undefined {
  const value = secondsOrOff(text);
  return value === 0 ? undefined : value;
}

/** Parses seconds, 0 included, and rounds them up to whole milliseconds, the unit of the database's clock. */
function secondsOrOff(text: string): number | undefined {
  if (!/^\d{1,7}(\.\d+)?$/.test(text) || Number(text) > SECONDS_MAX) return undefined;
  return Math.ceil(Number((Number(text) * 1_000).toFixed(3)));
}

function hostAndPort(text: string): HostAndPort | undefined {
  const [, host, digits] = /^([^:\s]+|\[[0-9a-fA-F:]+\]):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  return { host: host.replace(/^\[|\]$/g, ''), port };
}

const flag = (text: string): boolean | undefined =>
  text === '1' ? true : text === '0' ? false : undefined;

/** Returns whether a text is a URL with one of these protocols, which end in a colon. */
export const isUrl = (text: string, protocols: readonly string[]): boolean =>
  URL.canParse(text) && protocols.includes(new URL(text).protocol);

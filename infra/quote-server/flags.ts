/** Parses the stand-in's command line. */
import { parseArgs } from 'node:util';
import { UsageError } from '../../shared/runtime/errors.ts';
import { isQuoteFault, QUOTE_FAULTS, type QuoteFault } from './fault.ts';
import type { QuoteServerOptions } from './open-quote-server.ts';
import { PRICE_MODELS, type PriceModel } from './prices.ts';

const HELP = `Usage: quote-server [options]

A stand-in for the legacy quote server. Send "SYM,user\\n", get "price,SYM,user,time,key\\n".

  --port N          port on 127.0.0.1 to listen on (default 0: a free one)
  --delay-ms N      answer after N ms, 0 = at once (default: 0 to 4 s, as the real one does)
  --seed N          seed of prices and delays (default 1)
  --prices MODEL    ${PRICE_MODELS.join(' | ')}: move with each hit (default), never, or as a market in real time
  --speed N         with --prices walk: N times as fast as a real market (default 1)
  --fixed-prices    the same as --prices fixed
  --fault NAME      ${QUOTE_FAULTS.join(' | ')}
  --help            this text
`;

const PORT_MAX = 65_535;
const DELAY_MAX_MS = 3_600_000;
/** Faster, a price would be another one with each hit. */
const SPEED_MAX = 1_000;

const FLAGS = {
  port: { type: 'string' },
  'delay-ms': { type: 'string' },
  seed: { type: 'string' },
  prices: { type: 'string' },
  speed: { type: 'string' },
  'fixed-prices': { type: 'boolean' },
  fault: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const quoteServerHelp = (): string => HELP;

/**
 * Parses the command line into options, or `help` if the user asked for it. Throws a `UsageError`.
 */
export function parseQuoteServerFlags(args: readonly string[]): QuoteServerOptions | 'help' {
  const { values } = readFlags(args);
  if (values.help === true) return 'help';
  return {
    port: parseWhole('--port', values.port, PORT_MAX),
    delayMs: parseWhole('--delay-ms', values['delay-ms'], DELAY_MAX_MS),
    seed: parseWhole('--seed', values.seed, Number.MAX_SAFE_INTEGER),
    prices: parsePrices(values.prices, values['fixed-prices'] === true),
    speed: parseSpeed(values.speed, values.prices),
    fault: parseFault(values.fault),
  };
}

// The return type is inferred: `parseArgs` derives it from the table of flags.
const readFlags = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: FLAGS, strict: true, allowPositionals: false });
  } catch (cause: unknown) {
    const { message } = cause as { readonly message?: unknown };
    throw new UsageError(typeof message === 'string' ? message : 'unknown flag', { cause });
  }
};

function parseWhole(flag: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (value <= most) return value;
  throw new UsageError(`${flag} must be a whole number from 0 to ${most}, not "${text}"`);
}

function parsePrices(text: string | undefined, isFixed: boolean): PriceModel | undefined {
  const wanted = text ?? (isFixed ? 'fixed' : undefined);
  if (wanted === undefined) return undefined;
  const model = PRICE_MODELS.find((name) => name === wanted);
  if (model === undefined) {
    throw new UsageError(`--prices must be one of ${PRICE_MODELS.join(', ')}, not "${wanted}"`);
  }
  if (isFixed && model !== 'fixed') {
    throw new UsageError(`--fixed-prices and --prices ${model} exclude each other`);
  }
  return model;
}

function parseSpeed(text: string | undefined, prices: string | undefined): number | undefined {
  const speed = parseWhole('--speed', text, SPEED_MAX);
  if (speed === undefined || (speed > 0 && prices === 'walk')) return speed;
  throw new UsageError(
    speed === 0 ? '--speed must be at least 1' : '--speed is of --prices walk alone',
  );
}

function parseFault(text: string | undefined): QuoteFault | undefined {
  if (text === undefined || isQuoteFault(text)) return text;
  throw new UsageError(`--fault must be one of ${QUOTE_FAULTS.join(', ')}, not "${text}"`);
}

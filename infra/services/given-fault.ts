/**
 * Classifies a fault of a given service: whether waiting may help, and what the operator should do.
 * Pure.
 */
import { ConfigError } from '../../shared/runtime/errors.ts';

type GivenFault = {
  /** Whether the fault may pass by itself, for example because the service is about to start. */
  readonly passes: boolean;
  /**
   * Whether the operator must change an address or the server's configuration, rather than start
   * it.
   */
  readonly isConfig: boolean;
  /** One line for the operator; empty if the fault says what to do itself. */
  readonly advice: string;
};

type Rule = GivenFault & {
  readonly codes?: readonly string[];
  readonly text?: RegExp;
};

/** The first rule that matches applies. */
const RULES: readonly Rule[] = [
  {
    text: /server does not support SSL/,
    passes: false,
    isConfig: true,
    advice:
      'The server has no TLS: set ssl = on in its postgresql.conf, or write sslmode=disable (or no sslmode) where the network is trusted.',
  },
  {
    codes: ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'],
    text: /wrong version number|packet length too long/,
    passes: false,
    isConfig: true,
    advice: 'Nobody speaks TLS at that port: give the port of TLS, or amqp:// instead of amqps://.',
  },
  {
    text: /unsupported startup parameter|was not applied/,
    passes: false,
    isConfig: true,
    advice:
      'A pooler (such as PgBouncer) answers there, and connections need session settings: give the address of PostgreSQL itself.',
  },
  {
    text: /no pg_hba\.conf entry .*no encryption|SSL connection is required/,
    passes: false,
    isConfig: true,
    advice: 'The server takes TLS alone: add ?sslmode=verify-full&sslrootcert=FILE to the URL.',
  },
  {
    codes: ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'],
    passes: true,
    isConfig: false,
    advice: 'Renew its certificate, or set the clock of this machine.',
  },
  {
    codes: [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'CERT_SIGNATURE_FAILURE',
    ],
    passes: true,
    isConfig: true,
    advice:
      'Its certificate is verified, with sslmode=require too: name the authority that signed it, sslrootcert=FILE in DATABASE_URL or cacertfile=FILE in AMQP_URL.',
  },
  {
    codes: ['ERR_TLS_CERT_ALTNAME_INVALID'],
    passes: true,
    isConfig: true,
    advice: 'Give a host name that its certificate has.',
  },
  {
    // SQLSTATE 57P03: the server is starting up or shutting down; 53300: it has no free connection.
    // RabbitMQ: a virtual host is still starting.
    codes: ['57P03', '53300', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE'],
    text: /timeout|terminated unexpectedly|closed abruptly|vhost .* is down|socket hang up|other side closed|fetch failed/i,
    passes: true,
    isConfig: false,
    advice: 'See that it runs and can be reached from here.',
  },
  {
    codes: ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN'],
    passes: true,
    isConfig: false,
    advice: 'See that its host name is right and can be resolved and reached from here.',
  },
  {
    codes: ['EPROTO'],
    text: /^ERR_SSL|SSL routines|TLS/,
    passes: true,
    isConfig: false,
    advice: 'See that it speaks TLS at that port.',
  },
];

/**
 * Classifies a fault by its codes and text; a fault that no rule matches counts as a configuration
 * error.
 */
export function judgeGiven(error: unknown): GivenFault {
  // A `ConfigError` says itself what to do.
  if (error instanceof ConfigError) return { passes: false, isConfig: true, advice: '' };
  const codes = causesOf(error).map(codeOf);
  const text = firstReasonOf(error);
  const rule = RULES.find(
    (each) => codes.some((code) => each.codes?.includes(code)) || each.text?.test(text),
  );
  if (rule !== undefined) return rule;
  return {
    passes: false,
    isConfig: true,
    advice:
      'See that it takes this user, password and name; without the variable a private one runs.',
  };
}

/**
 * Returns the first reason that an error gives, in one line. A host with several addresses gives
 * several errors, and Node's `AggregateError` of them has no text.
 */
export function firstReasonOf(error: unknown): string {
  const texts = causesOf(error)
    .map((each) => (each instanceof Error ? each.message : String(each)))
    .filter((text) => text !== '' && text !== 'fetch failed');
  const [first = 'no reason given'] = texts;
  return first.replaceAll(/\s+/g, ' ').trim();
}

/** Returns the error, the errors that it aggregates, and its causes. */
function causesOf(error: unknown): readonly unknown[] {
  if (error instanceof AggregateError) return [error, ...error.errors.flatMap(causesOf)];
  if (error instanceof Error && error.cause !== undefined) return [error, ...causesOf(error.cause)];
  return [error];
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** The contract of sign-ins, passwords, sessions and API tokens. */
import Type from 'typebox';
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN, USER_PATTERN } from './credential-rules.ts';
import { CLOSED, instantSchema, PRINTABLE, schemaOf, type Schema } from './schema.ts';

export type UserRole = 'trader' | 'administrator';

const userName = Type.String({ pattern: USER_PATTERN });
const anyPassword = Type.String({ minLength: 1, maxLength: PASSWORD_LENGTH_MAX });
const newPassword = Type.String({
  minLength: PASSWORD_LENGTH_MIN,
  maxLength: PASSWORD_LENGTH_MAX,
});
const role = Type.Union([Type.Literal('trader'), Type.Literal('administrator')]);

/** `POST /session` and `POST /users`. */
export type Credentials = { user: string; password: string };

export const SIGN_IN: Schema<Credentials> = schemaOf<Credentials>()(
  Type.Object({ user: userName, password: anyPassword }, CLOSED),
);
export const SIGN_UP: Schema<Credentials> = schemaOf<Credentials>()(
  Type.Object({ user: userName, password: newPassword }, CLOSED),
);

/** `PUT /password`. */
type PasswordChange = { current: string; next: string };

export const PASSWORD_CHANGE: Schema<PasswordChange> = schemaOf<PasswordChange>()(
  Type.Object({ current: anyPassword, next: newPassword }, CLOSED),
);

/** `GET /session`: the user who asks. `expiresAt` is null for a token that does not expire. */
export type Session = {
  user: string;
  role: UserRole;
  /** How the request was authenticated. */
  by: 'cookie' | 'token';
  /** When the session or token expires, even if it is used. */
  expiresAt: number | null;
  /** When the session expires unless it is used. */
  idleExpiresAt: number | null;
  /** Whether `PUT /password` must come before any other request. */
  passwordChangeNeeded: boolean;
  /** The server's time, for ages and countdowns. */
  now: number;
  /** The lifetime of a pending order. */
  orderLifetimeMs: number;
  /** The lifetime of a quote, for which commands may use it. */
  quoteLifetimeMs: number;
  /** How often the page of a stock renews its price while it is looked at; 0 = never. */
  pageRefreshMs: number;
  /** What a hit on the quote server costs; null if the operator does not show costs. */
  centsPerHit: number | null;
};

export const SESSION: Schema<Session> = schemaOf<Session>()(
  Type.Object({
    user: Type.String(),
    role,
    by: Type.Union([Type.Literal('cookie'), Type.Literal('token')]),
    expiresAt: Type.Union([Type.Integer(), Type.Null()]),
    idleExpiresAt: Type.Union([Type.Integer(), Type.Null()]),
    passwordChangeNeeded: Type.Boolean(),
    now: instantSchema('the server’s time'),
    orderLifetimeMs: Type.Number(),
    quoteLifetimeMs: Type.Number(),
    pageRefreshMs: Type.Number(),
    centsPerHit: Type.Union([Type.Number(), Type.Null()]),
  }),
);

/** `GET /sessions`: the user's sessions. */
export type SessionEntry = {
  id: string;
  current: boolean;
  createdAt: number;
  lastSeenAt: number;
  expiresAt: number;
  address: string;
  userAgent: string;
};

const sessionEntry = Type.Object({
  id: Type.String(),
  current: Type.Boolean(),
  createdAt: Type.Integer(),
  lastSeenAt: Type.Integer(),
  expiresAt: Type.Integer(),
  address: Type.String(),
  userAgent: Type.String(),
});

export type SessionList = { sessions: SessionEntry[] };
export const SESSION_LIST: Schema<SessionList> = schemaOf<SessionList>()(
  Type.Object({ sessions: Type.Array(sessionEntry) }),
);

/** `POST /tokens`. */
export type TokenRequest = { name: string; days?: number };
const TOKEN_DAYS_MAX = 365;
export const TOKEN_REQUEST: Schema<TokenRequest> = schemaOf<TokenRequest>()(
  Type.Object(
    {
      name: Type.String({ pattern: PRINTABLE, maxLength: 60, description: 'what it is for' }),
      days: Type.Optional(Type.Integer({ minimum: 1, maximum: TOKEN_DAYS_MAX })),
    },
    CLOSED,
  ),
);

export type TokenEntry = {
  id: string;
  name: string;
  createdAt: number;
  lastUsedAt: number | null;
  expiresAt: number | null;
};

const tokenFields = {
  id: Type.String(),
  name: Type.String(),
  createdAt: Type.Integer(),
  lastUsedAt: Type.Union([Type.Integer(), Type.Null()]),
  expiresAt: Type.Union([Type.Integer(), Type.Null()]),
};

export type TokenList = { tokens: TokenEntry[] };
export const TOKEN_LIST: Schema<TokenList> = schemaOf<TokenList>()(
  Type.Object({ tokens: Type.Array(Type.Object(tokenFields)) }),
);

/** The answer to `POST /tokens`. It is the only one that shows the token. */
export type IssuedToken = TokenEntry & { token: string };
export const ISSUED_TOKEN: Schema<IssuedToken> = schemaOf<IssuedToken>()(
  Type.Object({ ...tokenFields, token: Type.String({ description: 'shown this once' }) }),
);

/** The contract of the administrators' part of the API. */
import Type from 'typebox';
import { CLOSED, schemaOf, type Schema } from './schema.ts';
import { USER_PATTERN } from './credential-rules.ts';
import type { UserRole } from './session.ts';

const role = Type.Union([Type.Literal('trader'), Type.Literal('administrator')]);
const integerOrNull = Type.Union([Type.Integer(), Type.Null()]);
const stringOrNull = Type.Union([Type.String(), Type.Null()]);

/** `GET /admin/users?q=&cursor=`: users in the order of names. */
export type UserEntry = {
  user: string;
  /** Null if the name has commands, but nobody can sign in with it yet. */
  role: UserRole | null;
  /** Whether the user is disabled: cannot sign in, and has no sessions or tokens. */
  disabled: boolean;
  hasAccount: boolean;
  createdAt: number | null;
  lastSeenAt: number | null;
  /** In cents; null if there is no account. */
  balance: number | null;
};
export type UserList = { users: UserEntry[]; next: string | null };
export const USER_LIST: Schema<UserList> = schemaOf<UserList>()(
  Type.Object({
    users: Type.Array(
      Type.Object({
        user: Type.String(),
        role: Type.Union([Type.Literal('trader'), Type.Literal('administrator'), Type.Null()]),
        disabled: Type.Boolean(),
        hasAccount: Type.Boolean(),
        createdAt: integerOrNull,
        lastSeenAt: integerOrNull,
        balance: integerOrNull,
      }),
    ),
    next: stringOrNull,
  }),
);

type UserQuery = { q?: string; cursor?: string };
export const USER_QUERY: Schema<UserQuery> = schemaOf<UserQuery>()(
  Type.Object(
    {
      q: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_.-]{1,64}$' })),
      cursor: Type.Optional(Type.String({ pattern: USER_PATTERN })),
    },
    CLOSED,
  ),
);

/** `POST /admin/users`: hands out a name, which may have commands from a workload. */
type HandOut = { user: string; role?: UserRole };
export const HAND_OUT: Schema<HandOut> = schemaOf<HandOut>()(
  Type.Object({ user: Type.String({ pattern: USER_PATTERN }), role: Type.Optional(role) }, CLOSED),
);

/** The password is shown only once, and must be changed at the first sign-in. */
export type HandedOut = { user: string; role: UserRole; password: string };
export const HANDED_OUT: Schema<HandedOut> = schemaOf<HandedOut>()(
  Type.Object({ user: Type.String(), role, password: Type.String() }),
);

/** `PATCH /admin/users/:name`: changes the role, disables or enables. Ends the user's sessions and tokens. */
export type UserChange = { role?: UserRole; disabled?: boolean };
export const USER_CHANGE: Schema<UserChange> = schemaOf<UserChange>()(
  Type.Object(
    { role: Type.Optional(role), disabled: Type.Optional(Type.Boolean()) },
    { ...CLOSED, minProperties: 1 },
  ),
);
export type ChangedUser = { user: string; role: UserRole; disabled: boolean };
export const CHANGED_USER: Schema<ChangedUser> = schemaOf<ChangedUser>()(
  Type.Object({ user: Type.String(), role, disabled: Type.Boolean() }),
);

/** `GET /admin/system`. */
export type ProcessEntry = { name: string; pid: number | null; restarts: number; up: boolean };
export type QueueEntry = {
  name: string;
  /** The number of the shard; null if the queue is not a shard's. */
  shard: number | null;
  ready: number;
  unacked: number;
  consumers: number;
  publishedPerSecond: number;
  ackedPerSecond: number;
};
export type SystemView = {
  now: number;
  processes: ProcessEntry[];
  /** Empty if the management API did not answer; `faults` says why. */
  queues: QueueEntry[];
  outbox: { rows: number; oldestMs: number | null };
  parked: number | null;
  quotes: { hits: number; hitsToday: number; hitsLastHour: number; centsPerHit: number };
  users: { signedUp: number; withAccount: number; sessions: number };
  links: { managementUi: string | null };
  /** Describes the parts that could not be loaded. */
  faults: string[];
};
export const SYSTEM_VIEW: Schema<SystemView> = schemaOf<SystemView>()(
  Type.Object({
    now: Type.Integer(),
    processes: Type.Array(
      Type.Object({
        name: Type.String(),
        pid: integerOrNull,
        restarts: Type.Integer(),
        up: Type.Boolean(),
      }),
    ),
    queues: Type.Array(
      Type.Object({
        name: Type.String(),
        shard: integerOrNull,
        ready: Type.Integer(),
        unacked: Type.Integer(),
        consumers: Type.Integer(),
        publishedPerSecond: Type.Number(),
        ackedPerSecond: Type.Number(),
      }),
    ),
    outbox: Type.Object({ rows: Type.Integer(), oldestMs: integerOrNull }),
    parked: integerOrNull,
    quotes: Type.Object({
      hits: Type.Integer(),
      hitsToday: Type.Integer(),
      hitsLastHour: Type.Integer(),
      centsPerHit: Type.Number(),
    }),
    users: Type.Object({
      signedUp: Type.Integer(),
      withAccount: Type.Integer(),
      sessions: Type.Integer(),
    }),
    links: Type.Object({ managementUi: stringOrNull }),
    faults: Type.Array(Type.String()),
  }),
);

/** `GET /admin/parked`. */
export type ParkedEntry = {
  id: string;
  /** The queues it was parked from: `commands`, `quotes`, `triggers`, `audit` or `intake`. */
  from: string;
  reason: string;
  code: string;
  /** The first characters of the body, escaped. */
  body: string;
  bytes: number;
  replayable: boolean;
};
export type ParkedList = { parked: ParkedEntry[] };
export const PARKED_LIST: Schema<ParkedList> = schemaOf<ParkedList>()(
  Type.Object({
    parked: Type.Array(
      Type.Object({
        id: Type.String(),
        from: Type.String(),
        reason: Type.String(),
        code: Type.String(),
        body: Type.String(),
        bytes: Type.Integer(),
        replayable: Type.Boolean(),
      }),
    ),
  }),
);

/** `GET /admin/log?cursor=`: sign-ins, administrators' actions and refusals, the latest first. */
export type SecurityEntry = {
  id: string;
  at: number;
  event: string;
  actor: string | null;
  user: string | null;
  address: string;
  /** The request refused, the change made or the file dumped. */
  detail: string | null;
};
export type SecurityLog = { entries: SecurityEntry[]; next: string | null };
export const SECURITY_LOG: Schema<SecurityLog> = schemaOf<SecurityLog>()(
  Type.Object({
    entries: Type.Array(
      Type.Object({
        id: Type.String(),
        at: Type.Integer(),
        event: Type.String(),
        actor: stringOrNull,
        user: stringOrNull,
        address: Type.String(),
        detail: stringOrNull,
      }),
    ),
    next: stringOrNull,
  }),
);

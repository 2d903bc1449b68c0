/** The contract of the operations page: the figures of the last hour, and what is wrong now. */
import Type from 'typebox';
import { CLOSED, INSTANT_MAX, instantSchema, schemaOf, type Schema } from './schema.ts';

/** What a figure is about; its `name` tells the kind of command, the reason, the level or the process. */
const FIGURES = [
  /** Commands per second by kind. */
  'commands',
  /** Rejected commands per second by reason. */
  'refusals',
  /** `p50` and `p99` of the answers to web requests, and `transaction p99`, in seconds. */
  'answers',
  /** `hits` on the quote server and `look-ups` of quotes, per second: without a cache, each is a hit. */
  'quotes',
  /** The part of the look-ups that found a quote, by level: 1, 2 and 3. */
  'hit ratio',
  /** Messages in the `shards`, and `audit` messages that are not stored yet. */
  'waiting',
  /** CPU seconds per second, resident bytes, and the 99th percentile of the event-loop lag in seconds. */
  'cpu',
  'memory',
  'lag',
] as const;
export type FigureGroup = (typeof FIGURES)[number];

/** The values of one figure, one for each sample; null where it was not known. */
export type FigureTrack = { of: FigureGroup; name: string; values: (number | null)[] };

const EVENT_KINDS = ['restart', 'failover', 'scale', 'alarm', 'well'] as const;
export type OperationsEvent = { at: number; kind: (typeof EVENT_KINDS)[number]; text: string };

/** An alert, with its entry of the runbook. Backquotes mark what to type. */
export type OperationsAlert = {
  name: string;
  /** A sentence without a full stop. */
  summary: string;
  since: number;
  /** Whether it has held for as long as its rule demands; otherwise it may still pass. */
  firing: boolean;
  means: string;
  look: string;
  remedy: string;
  /** The remedies of other alerts that this one refers to. */
  see: { name: string; remedy: string }[];
};

export type OperationsShard = {
  shard: number;
  waiting: number;
  /** The process that takes its commands; null if none does. */
  holder: string | null;
  /** The process that takes them while all processes run; the shard moves there from another. */
  home: string;
};

/** `GET /admin/operations?after=`: the samples after an instant, or of the last hour. */
export type OperationsView = {
  /** The time between samples while somebody looks, and how long they are kept, in ms. */
  everyMs: number;
  keptMs: number;
  /** The times of the samples. */
  at: number[];
  tracks: FigureTrack[];
  /** All events since the oldest sample, the latest last. */
  events: OperationsEvent[];
  alerts: OperationsAlert[];
  /** By number; null while the broker's management API does not tell. */
  shards: OperationsShard[] | null;
  processes: { name: string; up: boolean; restarts: number }[];
  centsPerHit: number;
  /** Why figures are missing. */
  faults: string[];
};

const text = Type.String();

export const OPERATIONS_VIEW: Schema<OperationsView> = schemaOf<OperationsView>()(
  Type.Object({
    everyMs: Type.Integer(),
    keptMs: Type.Integer(),
    at: Type.Array(instantSchema('by the clock of the supervisor')),
    tracks: Type.Array(
      Type.Object({
        of: Type.Enum(FIGURES),
        name: text,
        values: Type.Array(Type.Union([Type.Number(), Type.Null()])),
      }),
    ),
    events: Type.Array(Type.Object({ at: Type.Integer(), kind: Type.Enum(EVENT_KINDS), text })),
    alerts: Type.Array(
      Type.Object({
        name: text,
        summary: text,
        since: Type.Integer(),
        firing: Type.Boolean(),
        means: text,
        look: text,
        remedy: text,
        see: Type.Array(Type.Object({ name: text, remedy: text })),
      }),
    ),
    shards: Type.Union([
      Type.Array(
        Type.Object({
          shard: Type.Integer(),
          waiting: Type.Integer(),
          holder: Type.Union([text, Type.Null()]),
          home: text,
        }),
      ),
      Type.Null(),
    ]),
    processes: Type.Array(
      Type.Object({ name: text, up: Type.Boolean(), restarts: Type.Integer() }),
    ),
    centsPerHit: Type.Number(),
    faults: Type.Array(text),
  }),
);

type OperationsQuery = { after?: number };
export const OPERATIONS_QUERY: Schema<OperationsQuery> = schemaOf<OperationsQuery>()(
  Type.Object({ after: Type.Optional(Type.Integer({ minimum: 0, maximum: INSTANT_MAX })) }, CLOSED),
);

/** The parts that the whole simulated system shares. */
import type { ReceivedQuote } from '../../shared/domain/quote.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { MemoryDatabase } from '../support/memory-database.ts';
import type { Agenda } from './agenda.ts';
import type { SimulatedBroker } from './broker.ts';
import type { Faults } from './faults.ts';
import type { LegacyServer } from './legacy-server.ts';

/** The bugs that can be planted, to see that the checkers find them. */
export const PLANTED_BUGS = [
  'positions-not-checked',
  'ack-before-commit',
  'outbox-not-taken',
] as const;
export type PlantedBug = (typeof PLANTED_BUGS)[number];

export type Settings = {
  readonly shardCount: number;
  readonly quoteLifetimeMs: number;
  readonly orderLifetimeMs: number;
  /** 0 = off. */
  readonly triggerRefreshMs: number;
};

export type Parts = {
  readonly agenda: Agenda;
  readonly faults: Faults;
  readonly database: MemoryDatabase;
  readonly broker: SimulatedBroker;
  readonly legacy: LegacyServer;
  readonly settings: Settings;
  readonly log: Logger;
  readonly planted: PlantedBug | undefined;
  /** The quote that a process used, by process, instant and symbol. The model replays them. */
  readonly used: Map<string, ReceivedQuote>;
  readonly newArmingId: () => string;
};

export const usedKey = (server: string, at: number, symbol: string): string =>
  `${server} ${at} ${symbol}`;

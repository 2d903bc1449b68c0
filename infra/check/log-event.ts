/** An event of a log under check. */
import type { CommandName } from '../../shared/domain/command-catalogue.ts';
import type { StockSymbol } from '../../shared/domain/identity.ts';
import type { Cents } from '../../shared/domain/money.ts';
import type { AuditKind } from '../../shared/messages/audit-entry.ts';

/** A field that is missing or cannot be read is undefined. */
export type LogEvent = {
  readonly kind: AuditKind;
  /** The line of the log on which the event begins, counted from 1. */
  readonly line: number;
  /** Unix milliseconds. */
  readonly at: number;
  readonly number: number;
  /** Empty if the event names no user. */
  readonly user: string;
  readonly command: CommandName | undefined;
  readonly symbol: StockSymbol | undefined;
  readonly file: string | undefined;
  /** The funds, or the price of a `quoteServer`. */
  readonly funds: Cents | undefined;
  readonly action: 'add' | 'remove' | undefined;
  readonly message: string | undefined;
};

/** An element of the log as it stands there, before its fields are read. */
export type RawEvent = {
  readonly kind: string;
  readonly line: number;
  readonly fields: readonly RawField[];
};

export type RawField = {
  readonly name: string;
  readonly text: string;
  /** Whether it is an attribute of the event instead of an element in it. */
  readonly isAttribute: boolean;
};

/** The first number of commands that come neither from a workload file nor from a course's generator. */
export const FIRST_LIVE_NUMBER = 1_000_000_001;

/** Counts of a log, and the facts about it that need all of its events. */
import { AUDIT_KINDS, type AuditKind } from '../../shared/messages/audit-entry.ts';
import { copyOf } from './copied-text.ts';
import type { CheckQuestion } from './finding-kinds.ts';
import type { LogEvent } from './log-event.ts';

export interface Tally {
  addEvent(event: LogEvent): void;
  /** Returns the one copy of a user's name that is kept. */
  readonly intern: (name: string) => string;
  /** Counts an event that is written as SPEC §5.1 demands, or in another form. */
  addForm(isPlain: boolean): void;
  readonly looked: (question: CheckQuestion) => void;
  readonly skipCommand: () => void;
  addLiveCommand(): void;
  /** The time of the latest event that was read; 1 if there is none. */
  readonly previousAt: number;
  readonly facts: TallyFacts;
}

export type TallyFacts = {
  readonly events: Readonly<Record<AuditKind, number>>;
  readonly looked: Readonly<Record<CheckQuestion, number>>;
  readonly users: number;
  /** Whether most events are written as SPEC §5.1 demands. */
  readonly isPlain: boolean;
  readonly skipped: number;
  readonly liveCommands: number;
  readonly from: number;
  readonly to: number;
};

export function openTally(): Tally {
  const events = Object.fromEntries(AUDIT_KINDS.map((kind) => [kind, 0])) as Record<
    AuditKind,
    number
  >;
  const looked: Record<CheckQuestion, number> = {
    ...{ schema: 0, order: 0, workload: 0, accounts: 0 },
    ...{ quotes: 0, hits: 0, triggers: 0 },
  };
  /** The names of the users, by themselves. */
  const names = new Map<string, string>([['', '']]);
  let [from, to, previousAt] = [0, 0, 1];
  let [plain, other, skipped, liveCommands] = [0, 0, 0, 0];
  return {
    addEvent: ({ kind, at }) => {
      events[kind] += 1;
      if (from === 0) from = at;
      to = Math.max(to, at);
      previousAt = at;
    },
    intern: (name) => {
      const known = names.get(name);
      if (known !== undefined) return known;
      const copy = copyOf(name);
      names.set(copy, copy);
      return copy;
    },
    addForm: (isPlain) => {
      if (isPlain) plain += 1;
      else other += 1;
    },
    looked: (question) => (looked[question] += 1),
    skipCommand: () => (skipped += 1),
    addLiveCommand: () => (liveCommands += 1),
    get previousAt() {
      return previousAt;
    },
    get facts() {
      const isPlain = plain >= other;
      return { events, looked, users: names.size - 1, isPlain, skipped, liveCommands, from, to };
    },
  };
}

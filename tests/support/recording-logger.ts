/** A logger that keeps every entry. */
import type { LogFields, Logger, OpenedLogger } from '../../shared/runtime/logger.ts';

export type LogEntry = {
  readonly level: keyof Logger;
  readonly event: string;
  readonly fields: LogFields;
};

export type RecordingLogger = OpenedLogger & {
  /** Oldest first; grows. */
  readonly entries: readonly LogEntry[];
  /** Returns the entries of one event. */
  readonly of: (event: string) => readonly LogEntry[];
};

export function recordingLogger(): RecordingLogger {
  const entries: LogEntry[] = [];
  const record =
    (level: keyof Logger) =>
    (event: string, fields: LogFields = {}): void =>
      void entries.push({ level, event, fields });
  return {
    entries,
    of: (event) => entries.filter((entry) => entry.event === event),
    debug: (event, fieldsOf) => record('debug')(event, fieldsOf?.()),
    info: record('info'),
    warn: record('warn'),
    error: record('error'),
    // It keeps entries of every level.
    setLevel: () => undefined,
  };
}

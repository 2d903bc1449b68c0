/**
 * Log levels changed at run time. They survive a restart of a process, but not of the supervisor.
 */
import type { LogLevel, OpenedLogger } from '../../shared/runtime/logger.ts';
import { UsageError } from '../../shared/runtime/errors.ts';
import type { Child } from './child.ts';

const SUPERVISOR = 'supervisor';

export class LogLevels {
  readonly #own: Pick<OpenedLogger, 'setLevel'>;
  readonly #ofProcess = new Map<string, LogLevel>();
  #ofAll: LogLevel | undefined;

  constructor(own: Pick<OpenedLogger, 'setLevel'>) {
    this.#own = own;
  }

  /**
   * Sets the level of one process, or of all processes, including those started later. Throws a
   * `UsageError` if no process has that name.
   */
  set(level: LogLevel, name: string | undefined, children: readonly Child[]): void {
    const known = name === undefined || name === SUPERVISOR || children.some(isNamed(name));
    if (!known) throw new UsageError(`there is no process ${name}`);
    if (name === undefined) {
      this.#ofAll = level;
      this.#ofProcess.clear();
    } else this.#ofProcess.set(name, level);
    if (name === undefined || name === SUPERVISOR) this.#own.setLevel(level);
    children.forEach((child) => this.sendTo(child));
  }

  /** Sends a process that has just started the level that was set before. */
  sendTo(child: Child): void {
    const level = this.#ofProcess.get(child.name) ?? this.#ofAll;
    if (level !== undefined) child.send({ type: 'log-level', level });
  }
}

const isNamed =
  (name: string) =>
  (child: Child): boolean =>
    child.name === name;

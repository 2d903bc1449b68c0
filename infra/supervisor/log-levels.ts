/** Log levels that were changed while the system runs: they outlive a restart of a process. */
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

  /** Of the process of that name, or of all, those included that are started later. */
  set(level: LogLevel, name: string | undefined, children: readonly Child[]): void {
    const known = name === undefined || name === SUPERVISOR || children.some(isNamed(name));
    if (!known) throw new UsageError(`there is no process ${name}`);
    if (name === undefined) {
      this.#ofAll = level;
      this.#ofProcess.clear();
    } else this.#ofProcess.set(name, level);
    if (name === undefined || name === SUPERVISOR) this.#own.setLevel(level);
    children.forEach((child) => this.tell(child));
  }

  /** Tells a process that has just come up what was set before. */
  tell(child: Child): void {
    const level = this.#ofProcess.get(child.name) ?? this.#ofAll;
    if (level !== undefined) child.tell({ type: 'log-level', level });
  }
}

const isNamed =
  (name: string) =>
  (child: Child): boolean =>
    child.name === name;

/** A wall clock of one process that a test steps, by libfaketime. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LIBRARIES = '/usr/lib';

/** The path of the library; undefined if it is not installed. */
export function fakedClockLibrary(): string | undefined {
  const folders = readdirSync(LIBRARIES).map((name) => join(LIBRARIES, name));
  return folders
    .map((folder) => join(folder, 'faketime/libfaketime.so.1'))
    .find((library) => existsSync(library));
}

export type FakedClock = {
  /** The environment for the process. */
  readonly env: Readonly<Record<string, string>>;
  /** Shifts the wall clock that the process reads from now on. Its monotonic clock stays right. */
  readonly step: (seconds: number) => void;
};

export function openFakedClock(library: string, file: string): FakedClock {
  const step = (seconds: number): void =>
    writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}\n`);
  step(0);
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    step,
  };
}

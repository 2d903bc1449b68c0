/** The settings file of a replicated system, which also marks the data folder as replicated. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const settingsFile = (home: string): string => join(home, 'replicated.json');

/**
 * Returns whether the data folder holds a replicated system; a data folder never changes its kind.
 */
export const isReplicated = (home: string): boolean => existsSync(settingsFile(home));

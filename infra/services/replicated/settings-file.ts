/** What a replicated system remembers, and that there is one. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const settingsFile = (home: string): string => join(home, 'replicated.json');

/** Whether the data folder holds a replicated system's data: it stays one. */
export const isReplicated = (home: string): boolean => existsSync(settingsFile(home));

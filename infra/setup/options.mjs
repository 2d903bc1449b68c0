// Parses the options of `npm run build` and `npm test`, which run before anything is compiled.
import { parseArgs } from 'node:util';
import { fail } from './run.mjs';

const USAGE = 64;

/**
 * Returns the parsed command line. For `--help` or an unknown option, prints the help and ends the
 * process.
 */
export function readOptions(help, { options = {}, allowPositionals = false } = {}) {
  const known = { ...options, help: { type: 'boolean' } };
  try {
    const { values, positionals } = parseArgs({ options: known, allowPositionals });
    if (values.help !== true) return { ...values, positionals };
  } catch (error) {
    fail(USAGE, '', [error.message.split('. ')[0], help]);
  }
  console.log(help);
  process.exit(0);
}

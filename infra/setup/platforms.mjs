// `npm run test:platforms [-- PART …]`: tries the system on Debian 13 and on later versions of Node,
// and writes what was tried into docs/DEPLOYMENT.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDebianRoot } from './debian-root.mjs';
import { readOptions } from './options.mjs';
import { PARTS, runPart } from './platform-parts.mjs';
import { withRows } from './platform-table.mjs';
import { root } from './root.mjs';
import { fail } from './run.mjs';
import { setUp } from './set-up.mjs';

const DOCUMENT = join(root, 'docs/DEPLOYMENT.md');
const HELP = `Usage: npm run test:platforms -- [PART …] [--renew] [--no-table]

Tries the present commit on Debian 13, whose root it keeps beside the data folder: all parts, or those named.

${PARTS.map(({ name, title }) => `  ${name.padEnd(12)}${title.replaceAll('`', '')}`).join('\n')}

  --renew     makes the Debian root anew
  --no-table  leaves the table in docs/DEPLOYMENT.md as it is

It needs root on Debian, and takes an hour. Example: npm run test:platforms -- node24`;

const say = (line) => console.error(line);

const options = readOptions(HELP, {
  options: { renew: { type: 'boolean' }, 'no-table': { type: 'boolean' } },
  allowPositionals: true,
});
const parts = selectParts(options.positionals);
if (process.getuid?.() !== 0) {
  for (const { name, title } of parts)
    say(`skipped: ${name} (${title.replaceAll('`', '')}) needs root`);
} else {
  await setUp();
  await runAll(parts);
}

function selectParts(names) {
  const unknown = names.find((name) => PARTS.every((part) => part.name !== name));
  if (unknown !== undefined) fail(64, '', [`There is no part named "${unknown}".`, HELP]);
  return names.length === 0 ? PARTS : PARTS.filter(({ name }) => names.includes(name));
}

/** Runs the parts one by one, also after one that fails, and sets the exit code. */
async function runAll(chosen) {
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => interrupt.abort());
  const home = process.env.DAYTRADE_HOME ?? join(root, '.daytrade');
  const debian = await openDebianRoot(home, { renew: options.renew, say }).catch((error) => {
    fail(78, '', [
      'The Debian 13 root could not be made.',
      error.lines?.join('\n') ?? error.message,
    ]);
  });
  const done = [];
  for (const [index, part] of chosen.entries()) {
    say(`\n[${index + 1}/${chosen.length}] ${part.name}: ${part.command}`);
    const result = await runPart(part, debian, interrupt.signal);
    if (interrupt.signal.aborted) break;
    done.push(result);
    if (options['no-table'] !== true) writeTable([result.cells]);
  }
  for (const { isRight, cells } of done)
    say(`${isRight ? 'ok    ' : 'FAILED'} ${cells.join(', ')}`);
  if (interrupt.signal.aborted) say('Interrupted.');
  process.exitCode = interrupt.signal.aborted ? 130 : Number(done.some(({ isRight }) => !isRight));
}

function writeTable(rows) {
  const document = readFileSync(DOCUMENT, 'utf8');
  writeFileSync(
    DOCUMENT,
    withRows(
      document,
      rows,
      PARTS.map(({ title }) => title),
    ),
  );
}

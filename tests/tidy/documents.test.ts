/** Documents that list names of the code list all of them, and no others. */
import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REJECTIONS } from '../../shared/domain/rejection.ts';
import { topologyOf } from '../../shared/messages/topology.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { exitCodeOf } from '../../infra/cli/exit-code.ts';
import { CodedError, ERROR_CODES, type ErrorCode } from '../../shared/runtime/errors.ts';
import { packageRoot } from '../../shared/runtime/package-root.ts';

const read = (path: string): string => readFileSync(join(packageRoot, path), 'utf8');

/** The first cells of the tables of a document's section, without their backquotes. */
function firstCells(document: string, heading?: string): readonly string[] {
  const section =
    heading === undefined
      ? document
      : (document.split(`\n## ${heading}\n`)[1] ?? '').split('\n## ')[0];
  return [...(section ?? '').matchAll(/^\| ((?:`[^`]+`(?:, )?)+) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );
}

describe('docs/ERRORS.md', () => {
  const document = read('docs/ERRORS.md');

  test('lists the rejections in their order of precedence', () => {
    expect(firstCells(document, 'Rejections')).toEqual([...REJECTIONS]);
  });

  test('lists the codes of faults', () => {
    expect(firstCells(document, 'Faults')).toEqual([...ERROR_CODES]);
  });

  test('tells the exit code of each fault, as the runbook and the help do', () => {
    const rows = [...document.matchAll(/^\| `([a-z-]+)` \|.*\bexit (\d+)/gm)].map(
      ([, code, exit]) => [code, Number(exit)] as const,
    );
    const isCode = (code = ''): code is ErrorCode => ERROR_CODES.includes(code as ErrorCode);
    const expected = rows.map(([code]) => [
      code,
      isCode(code) ? exitCodeOf(new CodedError(code, 'any')) : 'unknown',
    ]);
    expect(rows).toEqual(expected);
    expect(rows.length).toBeGreaterThan(10);
    const runbook = read('docs/RUNBOOK.md');
    const [listed = ''] = /^\| exit code \|[^]*?\n\n/m.exec(runbook) ?? [];
    for (const [, exit] of rows)
      expect([listed, exit]).toEqual([expect.stringContaining(`${exit}`), exit]);
    const help = read('infra/cli/program.ts');
    for (const [, exit] of rows) expect(help).toMatch(new RegExp(`\\b${exit} [a-z]`));
  });
});

describe('docs/MANAGEMENT-UI.md', () => {
  const document = read('docs/MANAGEMENT-UI.md');
  const { exchanges, queues } = topologyOf(16);

  test('lists the exchanges with their types', () => {
    const rows = [...document.matchAll(/^\| `([\w.]+)` \| (direct|fanout|topic)\b/gm)];
    const listed = rows.map(([, name = '', type]) => [name.replace('SHARDS', '16'), type]);
    const made = exchanges.map(({ name, type }) => [name, type]);
    expect(listed.toSorted()).toEqual(made.toSorted());
  });

  test('lists every queue', () => {
    const listed = firstCells(document, 'Queues').map(
      (name) =>
        new RegExp(`^${name.replaceAll('.', '\\.').replace('NN', '\\d\\d').replace('*', '\\w+')}$`),
    );
    const missing = queues.filter(({ name }) => !listed.some((each) => each.test(name)));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });
});

test('docs/CONFIGURATION.md lists every variable that is read', () => {
  const names = new Set<string>();
  readConfig(
    new Proxy<Record<string, string>>(
      {},
      {
        get: (_, name) => {
          names.add(String(name));
          return undefined;
        },
      },
    ),
  );
  expect([...firstCells(read('docs/CONFIGURATION.md'))].toSorted()).toEqual([...names].toSorted());
});

describe('docs/adr', () => {
  const files = readdirSync(join(packageRoot, 'docs/adr')).filter((name) => name !== 'README.md');
  const index = read('docs/adr/README.md');

  test.each(files)('%s has its number in its name, and is in the index', (file) => {
    const text = read(`docs/adr/${file}`);
    const [, number, title] = /^# (\d+)\. (.+)\n/.exec(text) ?? [];
    expect(Number(file.slice(0, 4))).toBe(Number(number));
    expect(index).toContain(`- [${number ?? ''}. ${title ?? ''}](${file})`);
  });

  test('the index names nothing else', () => {
    expect([...index.matchAll(/\]\(([^)]+)\)/g)].map(([, file]) => file).toSorted()).toEqual(
      files.toSorted(),
    );
  });
});

/** Links between documents lead somewhere. */
test.each([
  'README.md',
  'CONTRIBUTING.md',
  'docs/ARCHITECTURE.md',
  ...[
    'GUARANTEES',
    'TESTING',
    'RUNBOOK',
    'MANAGEMENT-UI',
    'DEPLOYMENT',
    'WEB',
    'CONFIGURATION',
  ].map((name) => `docs/${name}.md`),
])('%s names only files that exist', (document) => {
  const named = [
    ...read(document).matchAll(
      /`((?:consumers|producers|shared|infra|tests|docs|workloads)\/[\w./-]+)`/g,
    ),
  ].map(([, path = '']) => path);
  expect(named.filter((path) => !exists(path))).toEqual([]);
});

function exists(path: string): boolean {
  try {
    readFileSync(join(packageRoot, path));
    return true;
  } catch (error) {
    // A folder exists, too.
    return (error as NodeJS.ErrnoException).code === 'EISDIR';
  }
}

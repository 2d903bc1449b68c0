/** The checks of a run of a whole file: its accounts, its audit log and its report. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEvent } from '../model/audit-xml.ts';
import { dumpFile, isDumpFileName } from '../model/dump-file-name.ts';
import type { Model } from '../model/model.ts';
import { balancesIn, commandNumbersIn, pricesIn } from '../model/read-log.ts';
import { runWorkload } from '../model/run-workload.ts';
import { sameAccounts } from '../model/same-accounts.ts';
import { sameAudit } from '../model/same-audit.ts';
import { readWorkloadFile, type WorkloadLine } from '../model/workload-file.ts';
import type { Timeline } from '../../shared/web-api/timeline.ts';
import { runDaytrade } from '../support/run-daytrade.ts';
import { readEvents, ROOT, type Ran, type Report } from './workloads-run.ts';
import { hasXmllint, schemaFaults } from './workloads-validate.ts';

export const RUN_MS = 300_000;
const SHARED = join(ROOT, '..', 'shared');
const OUR_SCHEMA = join(ROOT, 'docs/audit-log.xsd');
const COURSE_SCHEMA = join(SHARED, 'logfile.xsd');

/** With this seed the one stock of the small files costs $27.43, so that their commands can take effect. */
export const CHEAP = '--delay-ms 0 --fixed-prices --seed 82';
export const FIXED = '--delay-ms 0 --fixed-prices';

/** Returns the path of a workload of the contract or of this repository. */
export const given = (name: string): string => join(SHARED, 'workloads', name);
export const ours = (name: string): string => join(ROOT, 'workloads', `${name}.workload`);

const validated = hasXmllint() ? test : test.skip;
const validatedByCourse = hasXmllint() && existsSync(COURSE_SCHEMA) ? test : test.skip;

/** Runs the model of SPEC on a file, at the prices that the run's own log names. */
export function modelOf(path: string, events: readonly AuditEvent[]): Model {
  const prices = pricesIn(events);
  return runWorkload(readFileSync(path), {
    price: (symbol) => {
      const price = prices.get(symbol);
      if (price === undefined) throw new Error(`${symbol} had to be hit, and never was`);
      return price;
    },
  });
}

const isNumbered = (line: WorkloadLine): boolean =>
  line.kind === 'command' || line.audited !== null;

const numberOf = (line: WorkloadLine): number =>
  line.kind === 'command' ? line.command.number : (line.audited?.number ?? 0);

const shown = (value: number): string => value.toLocaleString('en-US');

/** Counts the commands that used a price: each caused a hit, or used the quote of another. */
function quoteUsesIn(events: readonly AuditEvent[]): number {
  const used = events.filter(({ kind }) => kind === 'quoteServer' || kind === 'systemEvent');
  const ids = used.map(({ fields }) => `${fields.get('transactionNum')} ${fields.get('username')}`);
  return new Set(ids).size;
}

/** Adds up the first chart of a page: its values are rates, and its points are equally far apart. */
function answeredIn(page: string): number {
  const [, data = '{}'] = /<script type="application\/json">(.*?)<\/script>/.exec(page) ?? [];
  const [series] = (JSON.parse(data) as Timeline).series;
  const points = series?.points ?? [];
  const lengthS = (points[1]?.[0] ?? 0) - (points[0]?.[0] ?? 0);
  return Math.round(points.reduce((sum, [, rate]) => sum + (rate ?? 0), 0) * lengthS);
}

const usersIn = (model: Model): readonly string[] => model.accounts(0).map(({ user }) => user);

/** Does not call `run` if the given files are not beside the checkout. */
export function describeRun(
  { name, path }: { readonly name: string; readonly path: string },
  run: () => Promise<{ readonly ran: Ran; readonly home: string }>,
  more: (ran: () => Ran) => void = () => undefined,
): void {
  describe(`a run of ${name}`, () => {
    const isThere = existsSync(path);
    const check = isThere ? test : test.skip;
    let ran: Ran;
    let dataFolder: string;
    let events: readonly AuditEvent[];
    let lines: readonly WorkloadLine[];
    let model: Model;
    let report: Report;

    beforeAll(async () => {
      if (!isThere) return;
      ({ ran, home: dataFolder } = await run());
      if (ran.exitCode !== 0)
        throw new Error(`exit ${ran.exitCode ?? 'by a signal'}:\n${ran.output}`);
      events = await ran.events();
      lines = [...readWorkloadFile(readFileSync(path))];
      model = modelOf(path, events);
      report = ran.report();
    }, RUN_MS);

    more(() => ran);

    check('gives the accounts that the contract gives', () => {
      expect(sameAccounts(ran.accounts(), model, 0)).toBe('');
    });

    check('audits exactly what the contract says, rejections with their reasons', () => {
      expect(sameAudit(events, model)).toBe('');
    });

    check('has one user command for every numbered line', () => {
      const expected = lines.filter(isNumbered).map(numberOf);
      expect(commandNumbersIn(events).toSorted((one, other) => one - other)).toEqual(expected);
    });

    check("keeps each user's commands in their order", () => {
      for (const user of usersIn(model)) {
        const numbers = commandNumbersIn(events, user);
        expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
      }
    });

    check('has account transactions that add up to the balances', () => {
      const balances = new Map(
        model.accounts(0).map(({ user, balance }) => [user, BigInt(balance)]),
      );
      expect(balancesIn(events)).toEqual(balances);
    });

    check('hits the quote server once for each symbol that a command needs', () => {
      const hits = events.filter(({ kind }) => kind === 'quoteServer');
      const symbols = hits.map(({ fields }) => fields.get('stockSymbol'));
      expect(symbols.toSorted()).toEqual([...model.quotes.symbols()].toSorted());
      expect(report.quoteHits).toBe(hits.length);
    });

    check('reports what is in the log, and every line that could not be read', () => {
      const unreadable = lines.filter(({ kind }) => kind === 'unreadable').map(({ line }) => line);
      expect(report.unreadable.map(({ line }) => line)).toEqual(unreadable);
      expect(report.commands).toBe(lines.filter(isNumbered).length);
      expect(report.rejected).toBe(model.rejections.length);
    });

    check('writes a page with the same totals, and a chart that adds up to them', () => {
      const page = ran.page();
      expect(page).toContain(`gave ${shown(report.commands)} commands`);
      expect(page).toContain(`refused ${shown(report.rejected)}, most often`);
      const uses = quoteUsesIn(events);
      const paid = `It paid for ${shown(report.quoteHits)} quotes instead of ${shown(uses)}`;
      expect(page).toContain(uses === 0 ? 'No command needed a price.' : paid);
      expect(answeredIn(page)).toBe(report.commands);
    });

    (isThere ? validated : test.skip)('dumps a log that is valid by our own schema', () => {
      expect(schemaFaults(OUR_SCHEMA, ran.dump)).toBe('');
    });

    (isThere ? validatedByCourse : test.skip)(
      "dumps a log that is valid by the course's schema",
      () => {
        expect(schemaFaults(COURSE_SCHEMA, ran.dump)).toBe('');
      },
    );

    check('writes each log that a DUMPLOG asks for, with all that came before it', async () => {
      for (const line of lines) {
        if (line.kind !== 'command' || line.command.name !== 'DUMPLOG') continue;
        const { user, file, number } = line.command;
        if (!isDumpFileName(file)) continue;
        const dumped = await readEvents(join(dataFolder, dumpFile(user ?? null, file)));
        const there = new Set(commandNumbersIn(dumped));
        const before = commandNumbersIn(events, user ?? undefined).filter((one) => one < number);
        expect(before.filter((one) => !there.has(one))).toEqual([]);
        if (user !== null) expect(commandNumbersIn(dumped, user)).toEqual(commandNumbersIn(dumped));
      }
    });

    check('dumps a log that passes the check of logs, which gives the same accounts', async () => {
      const args = [
        'check',
        ran.dump,
        '--workload',
        path,
        '--accounts',
        '-',
        '--quote-life',
        '3600',
      ];
      const checked = await runDaytrade([...args, '--order-life', '3600'], {});
      expect(checked.output).toContain('Nothing is wrong.');
      expect(checked.exitCode).toBe(0);
      const accounts = checked.output.split('\n').filter((line) => line.startsWith('{'));
      expect([...accounts, '']).toEqual(ran.accounts());
    });
  });
}

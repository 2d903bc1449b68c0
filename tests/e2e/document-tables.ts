/** The documents whose commands run, what each command prints, and which of them cannot run here. */
import type { DocumentCommand } from '../support/document-commands.ts';

export const DOCUMENTS: readonly string[] = [
  'README.md',
  ...['RUNBOOK', 'MANAGEMENT-UI', 'DEPLOYMENT', 'WEB'].map((name) => `docs/${name}.md`),
];

export const NOT_RUN: readonly (readonly [command: RegExp, reason: string])[] = [
  [/^npm test/, 'it would run this suite again'],
  [/^npm run demo/, 'it refuses given services; demo.test.ts runs it'],
  [/^docker /, 'there is no engine for containers'],
  [/^cd \/opt\/daytrade && npm ci/, 'it downloads every package'],
  [/^sudo /, 'it changes the machine, and needs systemd'],
  [/^daytrade\(\) \{ sudo systemd-run /, 'it needs systemd'],
  [
    /--via web --fresh$/,
    'it measures for half a minute on empty data; via-web suites run --via web',
  ],
];

/** The output that each command must print, besides an exit code of 0. */
export const PRINTED: readonly (readonly [command: RegExp, output: RegExp])[] = [
  [/^daytrade --help/, /Exit codes: 0 done/],
  [/npm run workload/, /2,000 in .*[^]*system +stops now/],
  [/^daytrade status/, /Processes on [^]*Last errors/],
  [/^daytrade logs -n/, /system started/],
  [/^daytrade logs --of/, /stream=hand:|hand:/],
  [/^daytrade doctor/, /All is good/],
  [/^daytrade verify/, /All invariants hold/],
  [/^daytrade backup/, /daytrade\.backup: /],
  [/^daytrade restore/, /Restored/],
  [/^daytrade reshard/, /32/],
  [/^psql/, /ADD/],
  [/^grep -l/, /send\.jsonl/],
  [/^TRACES=file daytrade send/, /^accepted/],
  [/^rabbitmqadmin/, /Message published/],
  [/\/health/, /"status":"alive"/],
  [/\/users$/, /"user":"bea"/],
  [/\/commands$/, /"outcome":"accepted"/],
  [/\/portfolio$/, /"balance":10000/],
];

/** Commands that run until Ctrl-C, and what they print once they work. */
export const UNTIL_CTRL_C: readonly (readonly [command: RegExp, output: RegExp])[] = [
  [/^npm start/, /The system is up/],
  [/curl .* -N /, /event: ready/],
];

/** Returns the entry of a table for a command, if it has one. */
export const outputOf = (
  { text }: DocumentCommand,
  table: readonly (readonly [RegExp, RegExp])[],
): RegExp | undefined => table.find(([command]) => command.test(withoutComment(text)))?.[1];

export const withoutComment = (text: string): string => text.replace(/\s+#[^'"]*$/, '');
/** Returns why a command does not run, or undefined if it does. */
export const reasonOf = ({ text }: DocumentCommand): string | undefined =>
  NOT_RUN.find(([command]) => command.test(withoutComment(text)))?.[1];
/** Names each command by its line, for a table of tests. */
export const titled = (commands: readonly DocumentCommand[]): [string, DocumentCommand][] =>
  commands.map((each) => [`line ${each.line}: ${withoutComment(each.text)}`, each]);

/** Renders what `daytrade demo` prints: where to look, and at the end a summary. */
import type { SystemInfo } from '../../shared/control/system-info.ts';
import { OWN_COMMAND, quoteForShell } from '../../shared/runtime/own-command.ts';
import { PEOPLE } from '../demo/people.ts';
import type { Stored } from '../demo/load-stored.ts';
import type { Played } from '../demo/run-demo.ts';
import { STOCKS } from '../demo/steps.ts';
import { TEMPERS, type TemperName } from '../demo/tempers.ts';
import { managementRow } from './addresses.ts';
import { count, hitCost, table } from './output.ts';
import { isOnTerminal } from './private-file.ts';

type DemoPasswords = { readonly trader: string; readonly administrator: string };

type ShownDemo = {
  readonly info: SystemInfo;
  readonly home: string;
  /** The file with the names and passwords. */
  readonly file: string;
  readonly minutes: number;
  readonly passwords: DemoPasswords;
};

const namesOfTemper = (wanted: TemperName): readonly string[] =>
  PEOPLE.filter(({ temper }) => temper === wanted).map(({ name }) => name);
const firstOf = (temper: TemperName): string => namesOfTemper(temper)[0] ?? '';

/** Renders a line `NAME PASSWORD` for everyone who can sign in to the web client or the management UI. */
export function signInText(
  { trader, administrator }: DemoPasswords,
  managementUrl: string | undefined,
): string {
  const lines = [...PEOPLE.map(({ name }) => `${name} ${trader}`), `admin ${administrator}`];
  const { username = '', password = '' } = managementUrl ? new URL(managementUrl) : {};
  return `${[...lines, ...(username === '' ? [] : [`${username} ${password}`])].join('\n')}\n`;
}

export const managementUrlOf = ({ operatorUrl, managementUrl }: SystemInfo): string | undefined =>
  operatorUrl ?? managementUrl;

/** Describes where to look, for somebody who sees the system for the first time. */
export function whatToLookAt({ info, home, file, minutes, passwords }: ShownDemo): string {
  const url = `${info.web?.url ?? ''}/`;
  const password = (which: keyof DemoPasswords): string =>
    isOnTerminal() ? `password ${passwords[which]}` : `password in ${file}`;
  const managementUrl = managementUrlOf(info);
  const [symbol] = STOCKS;
  return [
    `\nTwenty people trade ${STOCKS.length} stocks now, for ${minutes} minutes or until Ctrl-C.\n`,
    table([
      ['web client', `${url}  (made here: accept the certificate)`],
      ['sign in as', `${firstOf('impatient')}, ${password('trader')}`],
      ['or as', `admin, ${password('administrator')}`],
      ...(managementUrl === undefined ? [] : [managementRow(managementUrl)]),
      ['metrics', `${info.metricsUrl}/metrics`],
      ['status', `DAYTRADE_HOME=${quoteForShell(home)} ${OWN_COMMAND} status --watch`],
    ]),
    '\nThe people, who all have one password:',
    table(
      (Object.keys(TEMPERS) as TemperName[]).map((temper) => [
        TEMPERS[temper].title,
        namesOfTemper(temper).join(' '),
      ]),
    ),
    '\nLook at:',
    table([
      ['Portfolio', `of ${firstOf('impatient')}: orders come and go, the value moves`],
      ['Trade', `${url}trade/${symbol}: how ${symbol} moves, with your trades on its chart`],
      ['Triggers', `of ${firstOf('patient')}: they fire when a price falls; the inbox tells it`],
      [
        'History',
        `of ${firstOf('forgetful')}: orders that expired; of ${firstOf('broke')}: refusals`,
      ],
      ['Admin', 'Operations: commands, refusals, hits and what the cache saves; System: queues'],
      ['Management UI', 'Queues: commands.shard.NN has the commands, quotes.requests.NN the hits'],
    ]),
    '\nCtrl-C stops it.',
  ].join('\n');
}

export function summaryOfDemo(
  { commands, refused, leftOrders, fired, hits }: Played & Stored,
  home: string,
): string {
  const folder = `DAYTRADE_HOME=${quoteForShell(home)}`;
  return [
    '',
    table([
      ['commands', `${count(commands)}, of which ${count(refused)} were refused`],
      ['triggers', `${count(fired)} fired`],
      ['orders', `${count(leftOrders)} were left to expire`],
      ['quote hits', `${count(hits)}: ${hitCost(hits)}`],
      ['data', `${home}, until the next demo`],
      ['reconcile', `${folder} ${OWN_COMMAND} verify`],
    ]),
  ].join('\n');
}

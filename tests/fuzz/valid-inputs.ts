/** Valid inputs, from which all others are made. */
import {
  COMMAND_NAMES,
  entryOf,
  type CommandEntry,
  type CommandName,
} from '../../shared/domain/command-catalogue.ts';
import { parseUserId } from '../../shared/domain/identity.ts';
import { instant } from '../../shared/domain/time.ts';
import { renderCommandMessage } from '../../shared/messages/command-message.ts';
import { parseCommandText } from '../../shared/messages/command-text.ts';

const TEXTS: Readonly<Record<CommandEntry['fields'][number], string>> = {
  ...{ user: 'ann', 'user?': 'ann', symbol: 'ABC', file: './testLOG' },
  ...{ amount: '63511.53', price: '12.3' },
};

const lineOf = (name: CommandName): string =>
  `[7] ${[name, ...entryOf(name).fields.map((field) => TEXTS[field])].join()}`;

type Valid<Input> = readonly [Input, ...Input[]];

export const COMMAND_LINES: Valid<string> = [
  '[7] ADD,ann,1.00',
  ...COMMAND_NAMES.map(lineOf),
  ...['100', '0.07', '007', '1000000000.00'].map((amount) => `[7] BUY,ann,ABC,${amount}`),
  '[8] DUMPLOG,./testLOG',
  ' [9]\tbuy , bob , abc , 5.00 \r',
  '[3] ADD,ann,1.00',
  '',
];

export const UNNUMBERED_LINES: Valid<string> = [
  'ADD,ann,1.00',
  ...COMMAND_LINES.map((line) => line.replace(/^\s*\[\d+\]\s*/, '')),
];

const messageOf = (line: string): readonly Buffer[] => {
  const read = parseCommandText(line);
  if (read.type === 'unreadable') return [];
  const { user, command } = read;
  const message = {
    ...({ type: 'commands', user, stream: 'run:1', position: 1, administrator: true } as const),
    ...{ again: false, commands: [{ number: 7, command }] },
  };
  const web = { ...message, deadline: instant(9_000), bodyHash: 'abc', administrator: false };
  const keyed = { ...web, key: { owner: user, name: 'abc' } };
  return [message, web, keyed, { ...message, again: true }].map(renderCommandMessage);
};

const ann = parseUserId('ann');

export const COMMAND_BODIES: Valid<Buffer> = [
  Buffer.from(
    '{"v":1,"user":"ann","stream":"s","position":1,"commands":[{"i":1,"c":"COMMIT_BUY"}]}',
  ),
  ...[...UNNUMBERED_LINES, 'BUY,ann,ABC,x', 'ADD,ann,1,2', 'DUMPLOG,a\u0001'].flatMap(messageOf),
  ...(['buy', 'sell'] as const).map((side) =>
    Buffer.from(
      JSON.stringify({
        ...{
          v: 1,
          user: ann,
          fire: { side, symbol: 'ABC', id: '00000000-0000-7000-8000-000000000001' },
        },
      }),
    ),
  ),
  Buffer.from(
    JSON.stringify({
      ...{ v: 1, user: 'ann', stream: 's', position: 1 },
      commands: [{ i: 1, c: 'ADD', a: 1e12 }],
    }),
  ),
];

export const FLAGS: Valid<string> = [
  '1',
  ...['500', '12.5', 'nightly-1', '--port 4444 --seed 7', '--delay-ms 20 --prices fixed'],
  ...['--fixed-prices', '--fixed-prices --prices walk', '--fault hang', '--help', '--seed x'],
];

export const ENVIRONMENT: Record<string, string> = {
  DAYTRADE_HOME: '/tmp/daytrade',
  QUOTE_SERVER: 'localhost:4444',
  QUOTE_SERVER_FLAGS: '--seed 7',
  AMQP_URL: 'amqp://guest:guest@localhost:5672/v',
  AMQP_MANAGEMENT_URL: 'http://guest:guest@localhost:15672',
  DATABASE_URL: 'postgresql://me:pw@localhost:5432/daytrade',
  ORDER_LIFETIME_S: '60',
  QUOTE_LIFETIME_S: '0.5',
  TRIGGER_REFRESH_S: '0',
  SHARDS: '16',
  TRANSACTION_PROCESSES: '2',
  QUOTE_PROCESSES: '2',
  TRIGGER_PROCESSES: '1',
  AUDIT_PROCESSES: '1',
  WATCHDOG_S: '5',
  WEB_PORT: '8443',
  TLS_CERT: '/tmp/cert',
  TLS_KEY: '/tmp/key',
  MANAGEMENT_PORT: '15672',
  METRICS_PORT: '9464',
  BIND: '::1',
  REPLICATED: '0',
  REPLICATION_STRICT: '1',
  AUDIT_DEBUG: '1',
  LOG_LEVEL: 'info',
};

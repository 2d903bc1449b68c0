import { describe, expect, test } from '@jest/globals';
import { parseScaleRequest } from '../../../infra/cli/scale.ts';
import { shardsIn, type Status } from '../../../infra/operations/load-status.ts';
import { renderLogLine } from '../../../infra/operations/render-log-line.ts';
import { renderBytes } from '../../../infra/host/free-bytes.ts';
import { renderStatus } from '../../../infra/operations/render-status.ts';
import { processOf, type QueueState } from '../../../infra/rabbitmq/load-queues.ts';
import type { Trouble } from '../../../shared/runtime/trouble.ts';
import { waitOf } from '../../../infra/supervisor/auto-scaler.ts';

const queueOf = (name: string, state: Partial<QueueState> = {}): QueueState => ({
  name,
  ready: 0,
  unacked: 0,
  publishedPerSecond: 0,
  deliveredPerSecond: 0,
  active: ['transaction-1.0190-abc'],
  standby: ['transaction-2.0190-def'],
  ...state,
});

const QUEUES = [
  queueOf('commands.shard.00', { ready: 7, deliveredPerSecond: 70, publishedPerSecond: 70 }),
  queueOf('commands.shard.01', { active: [], standby: [] }),
  queueOf('commands.parked', { ready: 2, active: [] }),
];

const STATUS: Status = {
  at: '2030-01-01T00:00:00.000Z',
  troubles: [],
  home: '/data',
  processes: [
    { name: 'transaction-1', pid: 17, restarts: 0, cpuPercent: 12, memoryBytes: 81_000_000 },
    { name: 'audit-1', pid: undefined, restarts: 3, cpuPercent: 0, memoryBytes: 0 },
  ],
  scaling: [
    {
      pool: 'transaction',
      least: 1,
      most: 4,
      changes: [{ at: '2030-01-01T00:00:00.000Z', from: 1, to: 2, reason: 'a wait of 3.0 s' }],
    },
  ],
  members: undefined,
  shards: shardsIn(QUEUES, 2),
  queues: QUEUES,
  stored: {
    accounts: 9,
    armedTriggers: 4,
    outboxRows: 3,
    outboxOldestS: 1.25,
    quoteHitsLastHour: 30,
    databaseBytes: 12_345_678,
    auditPartitions: [{ name: 'audit_events_2030_01', bytes: 1_000 }],
  },
  quoteCentsLastHour: 150,
  diskFreeBytes: 5e9,
  databaseDisk: undefined,
  fileBytes: { logs: 3e6, traces: 0, dumps: 0, archives: 2e9 },
  errors: [],
};

describe('the status', () => {
  test('shows the process of each shard, and shards without one', () => {
    const text = renderStatus(STATUS);
    expect(text).toMatch(/transaction-1 +00 +standby for each/);
    expect(text).toMatch(/NOBODY +01/);
  });

  test('shows what waits, what is parked and what quotes cost', () => {
    const text = renderStatus(STATUS);
    expect(text).toMatch(/commands\.shard\.00 +7 +0 +70 +70 +1/);
    expect(text).toMatch(/parked +2 messages/);
    expect(text).toMatch(/quotes +30 hits in the last hour +\$1\.50/);
    expect(text).toMatch(/outbox +3 rows +oldest 1\.3 s/);
  });

  test('shows a process that is being restarted, and each change of a pool’s size', () => {
    const text = renderStatus(STATUS);
    expect(text).toMatch(/audit-1 +restarting +3/);
    expect(text).toMatch(/1 to 2 +a wait of 3\.0 s/);
  });

  test('shows the machines of a replicated system: the leader, those behind, those down', () => {
    const members = {
      databases: [
        { machine: 'a', role: 'standby', state: 'running', lagBytes: 1_500 },
        { machine: 'b', role: 'primary', state: 'running', lagBytes: undefined },
      ],
      brokers: [
        { machine: 'a', isRunning: true, neededBy: [], queuesLed: 9 },
        { machine: 'c', isRunning: false, neededBy: undefined, queuesLed: 0 },
        { machine: 'd', isRunning: true, neededBy: ['audit.events'], queuesLed: 8 },
      ],
    } as const;
    const text = renderStatus({ ...STATUS, members });
    expect(text).toMatch(/^ *a +standby +running +1\.5 kB +running +9$/m);
    expect(text).toMatch(/^ *b +primary +running +unknown$/m);
    expect(text).toMatch(/^ *c +unknown +DOWN +0$/m);
    expect(text).toMatch(/^ *d +unknown +running, needed +8$/m);
    expect(renderStatus(STATUS)).not.toContain('Machines');
  });

  test('names first the faults that stop the system, and shows the rest', () => {
    const trouble: Trouble = {
      service: 'database',
      kind: 'away',
      since: '2030-01-01T00:00:00.000Z',
      what: 'PostgreSQL does not answer.',
      remedy: 'Start it.',
    };
    const away = { ...STATUS, troubles: [trouble], stored: undefined };
    const text = renderStatus({ ...away, quoteCentsLastHour: undefined });
    expect(text).toMatch(/^NOT WELL\n +database +since 2030-01-01T00:00:00: PostgreSQL does not/);
    expect(text).toMatch(/Start it\.\n\nProcesses on/);
    expect(text).toMatch(/Stored\n +database +unknown: it does not answer/);
  });

  test('shows the disk of a database that is not in the data folder', () => {
    const databaseDisk = { folder: '/var/lib/daytrade/1/postgresql', freeBytes: 3e9 };
    expect(renderStatus({ ...STATUS, databaseDisk })).toMatch(
      /database disk +3\.0 GB free +\/var\/lib\/daytrade\/1/,
    );
  });

  test('says which parts it cannot know', () => {
    const text = renderStatus({ ...STATUS, queues: undefined, shards: undefined });
    expect(text).toContain('unknown: set AMQP_MANAGEMENT_URL');
    expect(text).toMatch(/parked +unknown/);
  });

  test('sizes are rounded to what people read', () => {
    expect([0, 999, 1_500, 81_000_000, 2.5e9].map(renderBytes)).toEqual([
      '0 B',
      '999 B',
      '1.5 kB',
      '81 MB',
      '2.5 GB',
    ]);
  });
});

test('a consumer tag names its process', () => {
  expect(processOf('transaction-1.0190a0b0-1111-7222-8333-444455556666')).toBe('transaction-1');
  expect(processOf('some.program.7')).toBe('some.program');
  expect(processOf('myapp')).toBe('myapp');
});

test('a wait is the number of queued messages divided by those that leave in a second', () => {
  expect(waitOf(QUEUES.slice(0, 2))).toBeCloseTo(0.1);
  expect(waitOf([])).toBe(0);
  expect(waitOf([queueOf('commands.shard.00', { ready: 1 })])).toBe(Infinity);
});

describe('a size on the command line', () => {
  test('is a number or a range', () => {
    expect(parseScaleRequest('transaction=3')).toEqual({ pool: 'transaction', size: 3 });
    expect(parseScaleRequest('audit=auto:1-4')).toEqual({
      pool: 'audit',
      size: { least: 1, most: 4 },
    });
  });

  test.each(['transaction', 'transaction=', 'transaction=auto', 'nobody=3', 'audit=-1'])(
    '%s is told what was expected',
    (text) => {
      expect(() => parseScaleRequest(text)).toThrow(/expected POOL=3 or POOL=auto:1-4/);
    },
  );
});

describe('a log line for people', () => {
  const line = JSON.stringify({
    timestamp: '2030-01-01T12:34:56.789Z',
    level: 'warn',
    process: 'audit-1',
    message: 'dump held',
    user: 'alice',
    error: { message: 'away', stack: 'Error: away\n    at somewhere' },
  });

  test('has date, time, level, process, event, fields and where an error came from', () => {
    expect(renderLogLine(line, false)).toBe(
      '2030-01-01 12:34:56.789 warn  audit-1        dump held  user=alice\n    Error: away\n        at somewhere',
    );
  });

  test('is coloured by its level on a terminal', () => {
    const coloured = renderLogLine(line, true);
    expect(coloured.startsWith('\u001b[33m')).toBe(true);
    expect(coloured.endsWith('\u001b[0m')).toBe(true);
  });

  test.each(['Killed', '{"no":"log"}', '{broken'])('%s is shown as it is', (text) => {
    expect(renderLogLine(text, false)).toBe(text);
  });
});

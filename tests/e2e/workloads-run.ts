/** Runs `daytrade workload` as a user would, and reads what it wrote. */
import { spawn } from 'node:child_process';
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readAuditXml, type AuditEvent } from '../model/audit-xml.ts';

export const ROOT: string = fileURLToPath(new URL('../../../', import.meta.url));
const DAYTRADE = join(ROOT, 'infra/setup/daytrade.mjs');

/** A run that takes longer is stopped, and its report says what it was doing. */
const RUN_MS = 240_000;
/** Much longer than any run here, so that no order expires on a slow machine. */
const LIFETIME_S = '3600';

export type Report = {
  readonly commands: number;
  readonly rejected: number;
  readonly unreadable: readonly { readonly line: number; readonly reason: string }[];
  readonly seconds: number;
  readonly quoteHits: number;
};

export type Ran = {
  readonly exitCode: number | null;
  /** All output, to explain a failure. */
  readonly output: string;
  readonly dump: string;
  readonly events: () => Promise<readonly AuditEvent[]>;
  readonly accounts: () => readonly string[];
  readonly report: () => Report;
  /** The page about the run. */
  readonly page: () => string;
};

export type RunOptions = {
  /** The folder for outputs. */
  readonly folder: string;
  /** The program and arguments that start the command line. */
  readonly program?: readonly string[];
  /** The data folder and the addresses of given services. Without these, the run starts private ones. */
  readonly environment: Readonly<Record<string, string>>;
  /** The flags of the stand-in. */
  readonly quoteServerFlags: string;
  readonly pack?: number;
  readonly quoteLifetimeS?: string;
};

/** Runs a workload file on fresh data. */
export async function runWorkloadFile(file: string, options: RunOptions): Promise<Ran> {
  const {
    folder,
    program,
    environment,
    pack,
    quoteServerFlags,
    quoteLifetimeS = LIFETIME_S,
  } = options;
  const dump = join(folder, 'out ?1.xml');
  const accounts = join(folder, 'out.ndjson');
  const report = join(folder, 'out.json');
  const page = join(folder, 'out.html');
  const { exitCode, output } = await run(
    [
      ...(program ?? [process.execPath, DAYTRADE]),
      ...[
        'workload',
        file,
        '--fresh',
        '--yes',
        '--dump',
        dump,
        '--accounts',
        accounts,
        '--report',
        report,
        '--html',
        page,
      ],
      ...(pack === undefined ? [] : ['--pack', pack.toString()]),
    ],
    {
      ...withoutSettings(process.env),
      ...environment,
      ORDER_LIFETIME_S: LIFETIME_S,
      QUOTE_LIFETIME_S: quoteLifetimeS,
      QUOTE_SERVER_FLAGS: quoteServerFlags,
    },
  );
  return {
    exitCode,
    output,
    dump,
    events: () => readEvents(dump),
    accounts: () => readFileSync(accounts, 'utf8').split('\n'),
    report: () => JSON.parse(readFileSync(report, 'utf8')) as Report,
    page: () => readFileSync(page, 'utf8'),
  };
}

/** The events of a dump, in their order. */
export async function readEvents(path: string): Promise<readonly AuditEvent[]> {
  const events: AuditEvent[] = [];
  for await (const event of readAuditXml(pieces(path))) events.push(event);
  return events;
}

async function* pieces(path: string): AsyncGenerator<string> {
  for await (const piece of createReadStream(path, 'utf8')) yield String(piece);
}

/** Removes the services and settings of the tester, and the settings of jest for node. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, TMPDIR } = environment;
  return { PATH, HOME, LANG, TMPDIR };
}

async function run(
  [command = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const child = spawn(command, args, {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: RUN_MS,
    killSignal: 'SIGTERM',
  });
  let output = '';
  const collect = (piece: Buffer): void => {
    output += piece.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { exitCode, output };
}

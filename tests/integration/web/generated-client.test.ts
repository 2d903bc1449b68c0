/** A TypeScript client that is generated from the OpenAPI document compiles, and places an order. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packageRoot } from '../../../shared/runtime/package-root.ts';
import { loadRoutes } from './api-routes.ts';
import type { Visitor } from './visitor.ts';
import { openWebSystem, type WebSystem } from './web-system.ts';

const LONG_MS = 240_000;
const MODULES = join(packageRoot, 'node_modules');

const execute = promisify(execFile);

/** The program of a user of the API, which knows nothing but the generated client. */
const PROGRAM = `
import { createClient } from './api/client/index.js';
import { getPortfolio, postCommands, putWatchlistSymbol } from './api/index.js';

const client = createClient({
  baseUrl: process.env.API ?? '',
  auth: ({ scheme }) => (scheme === 'bearer' ? process.env.TOKEN : undefined),
});
const key = () => ({ 'idempotency-key': crypto.randomUUID() });

await postCommands({ client, headers: key(), body: { command: 'ADD', amount: '500.00' } });
const bought = await postCommands({
  client,
  headers: key(),
  body: { command: 'BUY', symbol: 'ABC', amount: '100.00' },
});
const committed = await postCommands({ client, headers: key(), body: { command: 'COMMIT_BUY' } });
const portfolio = await getPortfolio({ client });
const refused = await putWatchlistSymbol({ client, path: { symbol: 'TOOLONG' } });
console.log(
  JSON.stringify([
    bought.data?.outcome,
    committed.data?.outcome,
    portfolio.data?.available,
    refused.error?.code,
  ]),
);
`;

let web: WebSystem;
let trader: Visitor;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daytrade-client-'));
  web = await openWebSystem();
  trader = await web.trader('gina');
}, LONG_MS);

afterAll(async () => {
  await web.close();
  rmSync(folder, { recursive: true, force: true });
}, LONG_MS);

/** Generates the client, and compiles it with the program by the strictest settings. */
async function compileProgram(): Promise<string> {
  const { text } = await trader.ask('/docs/json');
  writeFileSync(join(folder, 'openapi.json'), text);
  writeFileSync(join(folder, 'program.ts'), PROGRAM);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(folder, 'openapi-ts.config.mjs'),
    `export default {
       input: './openapi.json',
       output: { path: './api', importFileExtension: '.js' },
       plugins: ['@hey-api/typescript', '@hey-api/sdk', '@hey-api/client-fetch'],
     };`,
  );
  const generator = join(MODULES, '@hey-api/openapi-ts/bin/run.js');
  await execute(process.execPath, [generator, '--silent'], { cwd: folder });
  mkdirSync(join(folder, 'out'));
  const options = ['--strict', '--target', 'es2022', '--module', 'nodenext', '--types', 'node'];
  const compiler = join(MODULES, '@typescript/native/bin/tsc');
  const types = ['--typeRoots', join(MODULES, '@types')];
  await execute(
    process.execPath,
    [compiler, ...options, ...types, '--outDir', 'out', 'program.ts'],
    { cwd: folder },
  );
  return join(folder, 'out/program.js');
}

test('every operation has a name of its own', async () => {
  const routes = await loadRoutes(trader);
  const names = routes.map(({ operation }) => operation.operationId);
  expect(names).toContain('postCommands');
  expect(names).not.toContain(undefined);
  expect(new Set(names).size).toBe(names.length);
});

test(
  'a generated client adds money, buys, reads the portfolio, and learns why it was refused',
  async () => {
    const { body } = await trader.post('/tokens', { name: 'a program', days: 1 });
    const authority = join(folder, 'authority.pem');
    writeFileSync(authority, web.authority);
    const { stdout } = await execute(process.execPath, [await compileProgram()], {
      env: {
        API: `https://localhost:${web.port}`,
        TOKEN: String(body['token']),
        NODE_EXTRA_CA_CERTS: authority,
      },
    });
    expect(JSON.parse(stdout)).toEqual(['accepted', 'accepted', 40_000, 'request-invalid']);
  },
  LONG_MS,
);

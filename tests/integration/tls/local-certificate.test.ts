/** The certificate that is made at the first start, as strict clients see it. */
import 'reflect-metadata';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { webcrypto } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BasicConstraintsExtension, X509CertificateGenerator } from '@peculiar/x509';
import { localCertificate } from '../../../infra/tls/local-certificate.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daytrade-test-tls-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const verifyStrictly = ({
  authorityFile,
  certFile,
}: {
  readonly authorityFile: string;
  readonly certFile: string;
}): string =>
  execFileSync(
    'openssl',
    ['verify', '-x509_strict', '-verify_hostname', 'localhost', '-CAfile', authorityFile, certFile],
    { encoding: 'utf8', stdio: 'pipe' },
  );

test('strict verification takes it', async () => {
  const made = await localCertificate(folder);
  expect(verifyStrictly(made)).toBe(`${made.certFile}: OK\n`);
  expect(await localCertificate(folder)).toEqual(made);
});

const KEY = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A certificate without key identifiers, as earlier versions made them. */
async function makeOldCertificate(): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
  const notAfter = new Date(Date.now() + 365 * 24 * 60 * 60 * 1_000);
  const extensions = [new BasicConstraintsExtension(true, 0, true)];
  const certificate = await X509CertificateGenerator.createSelfSigned(
    { name: 'CN=localhost', notAfter, signingAlgorithm: KEY, keys, extensions },
    webcrypto,
  );
  return `${certificate.toString('pem')}\n`;
}

test('one that an earlier version made is replaced', async () => {
  const old = await makeOldCertificate();
  const [authorityFile, certFile] = [join(folder, 'authority.pem'), join(folder, 'server.pem')];
  writeFileSync(authorityFile, old);
  writeFileSync(certFile, old);
  expect(() => verifyStrictly({ authorityFile, certFile })).toThrow();
  const made = await localCertificate(folder);
  expect(readFileSync(made.certFile, 'utf8')).not.toBe(old);
  expect(verifyStrictly(made)).toBe(`${made.certFile}: OK\n`);
});

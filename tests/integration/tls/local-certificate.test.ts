/** Strict clients accept the certificate that the first start makes. */
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

const VALIDITY = { notAfter: new Date(Date.now() + 365 * 24 * 60 * 60 * 1_000) };

/** Writes certificates without key identifiers, as earlier versions made them. */
async function makeOldCertificate(authorityFile: string, certFile: string): Promise<void> {
  const generate = async (): Promise<webcrypto.CryptoKeyPair> =>
    await webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
  const [keys, { publicKey }] = await Promise.all([generate(), generate()]);
  const extensions = [new BasicConstraintsExtension(true, 0, true)];
  const authority = await X509CertificateGenerator.createSelfSigned(
    { name: 'CN=authority', ...VALIDITY, signingAlgorithm: KEY, keys, extensions },
    webcrypto,
  );
  const signing = { signingAlgorithm: KEY, signingKey: keys.privateKey, publicKey };
  const certificate = await X509CertificateGenerator.create(
    { subject: 'CN=localhost', issuer: authority.subject, ...VALIDITY, ...signing },
    webcrypto,
  );
  writeFileSync(authorityFile, `${authority.toString('pem')}\n`);
  writeFileSync(certFile, `${certificate.toString('pem')}\n`);
}

test('a certificate of an earlier version is replaced', async () => {
  const [authorityFile, certFile] = [join(folder, 'authority.pem'), join(folder, 'server.pem')];
  await makeOldCertificate(authorityFile, certFile);
  const old = readFileSync(certFile, 'utf8');
  expect(() => verifyStrictly({ authorityFile, certFile })).toThrow();
  const made = await localCertificate(folder);
  expect(readFileSync(made.certFile, 'utf8')).not.toBe(old);
  expect(verifyStrictly(made)).toBe(`${made.certFile}: OK\n`);
});

/** Makes a certificate for this machine; a separate module, because its library is slow to load. */
import 'reflect-metadata';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  type X509Certificate as Certificate,
} from '@peculiar/x509';
import { randomBytes, webcrypto } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';

export type CertificateFiles = {
  readonly certFile: string;
  readonly keyFile: string;
  /** The authority that a browser or curl must trust. */
  readonly authorityFile: string;
};

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Apple's systems reject certificates with a longer lifetime. */
const LIFETIME_MS = 820 * DAY_MS;
const KEY = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Writes the certificate last: its presence means that the other files are complete. */
export async function makeCertificate(
  folder: string,
  { certFile, keyFile, authorityFile }: CertificateFiles,
): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const generate = async (): Promise<webcrypto.CryptoKeyPair> =>
    await webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
  const [authorityKeys, keys] = await Promise.all([generate(), generate()]);
  const authority = await authorityOf(authorityKeys);
  const certificate = await certificateOf(keys, { authority, authorityKeys });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const lines = key.toString('base64').match(/.{1,64}/g) ?? [];
  const pem = `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
  writeFileSync(authorityFile, `${authority.toString('pem')}\n`);
  writeFileSync(keyFile, pem, { mode: 0o600 });
  writeFileSync(certFile, `${certificate.toString('pem')}\n`);
}

const validity = (): { readonly notBefore: Date; readonly notAfter: Date } => ({
  // Allows for a client whose clock is up to an hour behind.
  notBefore: new Date(Date.now() - 60 * 60 * 1_000),
  notAfter: new Date(Date.now() + LIFETIME_MS),
});

const serialNumber = (): string => `01${randomBytes(15).toString('hex')}`;

async function authorityOf(keys: webcrypto.CryptoKeyPair): Promise<Certificate> {
  return await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(),
      name: `CN=daytrade on ${hostname()}, O=daytrade`,
      ...validity(),
      signingAlgorithm: KEY,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
}

async function certificateOf(
  keys: webcrypto.CryptoKeyPair,
  issuer: { readonly authority: Certificate; readonly authorityKeys: webcrypto.CryptoKeyPair },
): Promise<Certificate> {
  return await X509CertificateGenerator.create(
    {
      serialNumber: serialNumber(),
      subject: 'CN=localhost, O=daytrade',
      issuer: issuer.authority.subject,
      ...validity(),
      signingAlgorithm: KEY,
      publicKey: keys.publicKey,
      signingKey: issuer.authorityKeys.privateKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        await AuthorityKeyIdentifierExtension.create(issuer.authority, false, webcrypto),
        new SubjectAlternativeNameExtension([
          ...[...new Set(['localhost', hostname()])].map((value) => ({
            type: 'dns' as const,
            value,
          })),
          { type: 'ip', value: '127.0.0.1' },
          { type: 'ip', value: '::1' },
        ]),
      ],
    },
    webcrypto,
  );
}

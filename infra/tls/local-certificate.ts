/**
 * Provides a certificate for this machine alone, made at the first start. The private key of its
 * authority is discarded after signing: to trust the authority is to trust this one certificate,
 * because nobody can sign others.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CertificateFiles } from './make-certificate.ts';

type LocalCertificate = CertificateFiles & {
  /** The SHA-256 fingerprint of the authority. */
  readonly fingerprint: string;
};

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Certificates are replaced at a start within this time of their expiry. */
const RENEW_MS = 30 * DAY_MS;

/** Returns the certificate in the folder, or makes a new one. */
export async function localCertificate(folder: string): Promise<LocalCertificate> {
  const files = {
    certFile: join(folder, 'server.pem'),
    keyFile: join(folder, 'server-key.pem'),
    authorityFile: join(folder, 'authority.pem'),
  };
  if (!isGood(files)) {
    const { makeCertificate } = await import('./make-certificate.ts');
    await makeCertificate(folder, files);
  }
  const { fingerprint256 } = new X509Certificate(readFileSync(files.authorityFile));
  return { ...files, fingerprint: fingerprint256 };
}

/** The object identifiers of the extensions (RFC 5280 §4.2.1), DER-encoded. */
const SUBJECT_KEY_IDENTIFIER = Buffer.from('0603551d0e', 'hex');
const AUTHORITY_KEY_IDENTIFIER = Buffer.from('0603551d23', 'hex');

/**
 * Returns whether the certificate is usable: not close to its expiry, and with the key identifiers
 * that strict clients (Python 3.13, `openssl verify -x509_strict`) require. Earlier versions made
 * certificates without them.
 */
function isGood({ certFile, authorityFile }: CertificateFiles): boolean {
  try {
    const { validTo, raw } = new X509Certificate(readFileSync(certFile));
    const authority = new X509Certificate(readFileSync(authorityFile));
    return (
      Date.parse(validTo) - Date.now() > RENEW_MS &&
      raw.includes(AUTHORITY_KEY_IDENTIFIER) &&
      authority.raw.includes(SUBJECT_KEY_IDENTIFIER)
    );
  } catch {
    return false;
  }
}

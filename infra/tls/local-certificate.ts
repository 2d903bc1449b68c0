/**
 * A certificate for this machine alone, made at the first start. Its authority's private key is
 * thrown away as soon as it has signed: whoever trusts the authority trusts this one certificate,
 * and nobody can make others with it.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type CertificateFiles = {
  readonly certFile: string;
  readonly keyFile: string;
  /** What a browser or curl is to trust. */
  readonly authorityFile: string;
};

export type LocalCertificate = CertificateFiles & {
  /** Of the authority, SHA-256. */
  readonly fingerprint: string;
};

const DAY_MS = 24 * 60 * 60 * 1_000;
/** A start within so many days of the end makes new ones. */
const RENEW_MS = 30 * DAY_MS;

/** Those in the folder, or new ones. */
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

/** The identifiers of extensions (RFC 5280 §4.2.1) as DER has them. */
const SUBJECT_KEY_IDENTIFIER = Buffer.from('0603551d0e', 'hex');
const AUTHORITY_KEY_IDENTIFIER = Buffer.from('0603551d23', 'hex');

/**
 * Not near its end, and with the key identifiers that strict clients (Python 3.13, `openssl verify
 * -x509_strict`) ask for: earlier versions made certificates without them.
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

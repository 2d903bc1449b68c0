/** Checks user names and passwords before they are sent; returns a fault or undefined. Source: SPEC 1.3. */
import {
  PASSWORD_LENGTH_MAX,
  PASSWORD_LENGTH_MIN,
  USER_PATTERN,
} from '../../../../../shared/web-api/credential-rules.ts';

const USER_NAME = new RegExp(USER_PATTERN);
const USER_LENGTH_MAX = 64;

type CredentialField = 'user' | 'password';

export function checkUserName(name: string): string | undefined {
  if (name === '') return 'Enter a user name.';
  if (USER_NAME.test(name)) return undefined;
  return name.length > USER_LENGTH_MAX
    ? `A user name has at most ${USER_LENGTH_MAX} characters; this one has ${name.length}.`
    : 'A user name is 1 to 64 letters, digits, _ . or -.';
}

export function checkNewPassword(password: string): string | undefined {
  if (password.length >= PASSWORD_LENGTH_MIN && password.length <= PASSWORD_LENGTH_MAX) {
    return undefined;
  }
  return `A password has ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters; this one has ${password.length}.`;
}

/** A present password may be shorter than a new one, because the rule has not always been the same. */
export function checkPassword(password: string): string | undefined {
  if (password === '') return 'Enter your password.';
  return password.length > PASSWORD_LENGTH_MAX ? checkNewPassword(password) : undefined;
}

const FIELDS: Readonly<Record<string, CredentialField>> = {
  'name-invalid': 'user',
  'name-taken': 'user',
  'password-invalid': 'password',
  'password-weak': 'password',
};

/** Returns the field of a sign-up or log-in that a fault is about; undefined if it is about none. */
export const fieldOfProblem = (code: string | undefined): CredentialField | undefined =>
  code === undefined ? undefined : FIELDS[code];

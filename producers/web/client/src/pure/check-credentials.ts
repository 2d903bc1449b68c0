/** Checks a user name and a password before they are sent; returns a fault or undefined. Source: SPEC 1.3. */
import {
  PASSWORD_LENGTH_MAX,
  PASSWORD_LENGTH_MIN,
  USER_PATTERN,
} from '../../../../../shared/web-api/credential-rules.ts';

const USER_NAME = new RegExp(USER_PATTERN);

export function checkUserName(name: string): string | undefined {
  if (name === '') return 'Enter a user name.';
  if (USER_NAME.test(name)) return undefined;
  return 'A user name is 1 to 64 letters, digits, _ . or -.';
}

export function checkNewPassword(password: string): string | undefined {
  if (password.length >= PASSWORD_LENGTH_MIN && password.length <= PASSWORD_LENGTH_MAX) {
    return undefined;
  }
  return `A password has ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters.`;
}

/** Checks a user name and a password before they are sent; returns a fault or undefined. Source: SPEC 1.3. */
export const PASSWORD_LENGTH_MIN = 10;
export const PASSWORD_LENGTH_MAX = 200;

export function checkUserName(name: string): string | undefined {
  if (name === '') return 'Enter a user name.';
  if (/^[A-Za-z0-9_.-]{1,64}$/.test(name)) return undefined;
  return 'A user name is 1 to 64 letters, digits, _ . or -.';
}

export function checkNewPassword(password: string): string | undefined {
  if (password.length >= PASSWORD_LENGTH_MIN && password.length <= PASSWORD_LENGTH_MAX) {
    return undefined;
  }
  return `A password has ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters.`;
}

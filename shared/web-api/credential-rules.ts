/** The rules for user names and passwords, which the server enforces and the page checks first. Source: SPEC §1.3. */
export const USER_PATTERN = '^[A-Za-z0-9_.-]{1,64}$';
/** The bounds of a password's length, in characters. */
export const PASSWORD_LENGTH_MIN = 10;
export const PASSWORD_LENGTH_MAX = 200;

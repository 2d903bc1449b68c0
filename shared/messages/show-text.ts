/** Quoting foreign text in messages: bounded, and without characters that control a terminal. */

const SHOWN_MAX = 60;

/** C0 and C1 controls, DEL, line and paragraph separators, direction overrides, BOM, lone surrogates. */
const UNSHOWABLE =
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  /["\\\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]/gu;

function escapeOne(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Quotes the first 60 characters of a text and escapes those that do not print. */
export function showText(text: string): string {
  const shown = text.slice(0, SHOWN_MAX).replace(UNSHOWABLE, escapeOne);
  return `"${shown}${text.length > SHOWN_MAX ? '…' : ''}"`;
}

/** The fields of a line: the texts between the commas, without spaces and tabs around them. */

const SPACE = 0x20;
const TAB = 0x09;

/** Whether there is a space or a tab at an index; false outside the text. */
function isBlankAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code === SPACE || code === TAB;
}

/** Removes spaces and tabs from both ends. `trim` would remove some twenty other characters too. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (isBlankAt(text, start)) start += 1;
  while (end > start && isBlankAt(text, end - 1)) end -= 1;
  return text.slice(start, end);
}

/** Whether a text has nothing but spaces and tabs. */
export const isBlank = (text: string): boolean => trimBlanks(text) === '';

/** Splits a text at the commas and trims each field. An empty text is one empty field. */
export function splitFields(text: string): string[] {
  const fields = text.split(',');
  for (const [index, field] of fields.entries()) fields[index] = trimBlanks(field);
  return fields;
}

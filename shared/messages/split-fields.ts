/** A line's fields: what stands between the commas, without the spaces and tabs around it. */

const SPACE = 0x20;
const TAB = 0x09;

/** Whether there is a space or a tab at an index; false beyond the ends. */
function isBlankAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code === SPACE || code === TAB;
}

/** Takes spaces and tabs off both ends, and nothing else: `trim` takes some twenty more. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (isBlankAt(text, start)) start += 1;
  while (end > start && isBlankAt(text, end - 1)) end -= 1;
  return text.slice(start, end);
}

/** Whether a text has nothing but spaces and tabs. */
export const isBlank = (text: string): boolean => trimBlanks(text) === '';

/** Splits at the commas and trims each field; an empty text is one empty field. */
export function splitFields(text: string): string[] {
  const fields = text.split(',');
  for (const [index, field] of fields.entries()) fields[index] = trimBlanks(field);
  return fields;
}

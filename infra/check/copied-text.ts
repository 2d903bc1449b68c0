/** Copies of texts that outlive the piece of the log that they were read from. */

/** Returns a copy of a text. A part of a string keeps the whole string in memory, as V8 stores it. */
export const copyOf = (text: string): string => Buffer.from(text).toString();

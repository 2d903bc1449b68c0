/** The tables of commands in documents equal the catalogue. */
import { expect, test } from '@jest/globals';
import { MADE_PARTS, makePart } from './command-tables.ts';

test.each(MADE_PARTS)(
  '$document has the made part "$name" (`npm run tables` writes it)',
  async (part) => {
    const { present, wanted } = await makePart(part);
    expect(present).toBe(wanted);
  },
);

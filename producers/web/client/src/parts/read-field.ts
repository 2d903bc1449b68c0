/** An amount or a price that someone typed into a field, in the languages of their browser. */
import { readAmount, separatorsOf, type AmountInput } from '../pure/money.ts';

const separators = separatorsOf(navigator.languages);

export const readField = (text: string): AmountInput => readAmount(text, separators);

/** Parses an amount or a price in a field, by the languages of the browser. */
import { readAmount, separatorsOf, type AmountInput } from '../pure/money.ts';

const separators = separatorsOf(navigator.languages);

export const readField = (text: string): AmountInput => readAmount(text, separators);

/** Parses numbers on the command line. */
import { UsageError } from '../../shared/runtime/errors.ts';

type Range = { readonly least: number; readonly most: number };

/** Returns a parser for the value of an option; it throws a `UsageError` that names the option. */
export const wholeNumber =
  (option: string, { least, most }: Range) =>
  (text: string): number => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new UsageError(`${option} ${text}: expected a whole number from ${least} to ${most}`);
  };

/** Like `wholeNumber`, but allows a fraction. */
export const positiveNumber =
  (option: string, most: number) =>
  (text: string): number => {
    const value = /^\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (value > 0 && value <= most) return value;
    throw new UsageError(`${option} ${text}: expected a number greater than 0, at most ${most}`);
  };

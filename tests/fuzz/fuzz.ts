/** Tries many inputs at every border, from a seed, and counts what became of them. */
import { seededRandom } from '../../producers/workload/random.ts';
import { ConfigError, ContractError, UsageError } from '../../shared/runtime/errors.ts';
import { BORDERS, BorderBroken, type Border } from './borders.ts';

export type Counts = {
  readonly border: string;
  readonly inputs: number;
  readonly valid: number;
  readonly refused: number;
  /** The first few, each with the number of its input. */
  readonly crashes: readonly string[];
};

/** Of so many inputs one is as it is; it shows that the border lets the valid ones through. */
const VALID_EVERY = 50;
const CRASHES_SHOWN = 5;

export function fuzz(inputs: number, seed: number): readonly Counts[] {
  const each = Math.ceil(inputs / BORDERS.length);
  return BORDERS.map((border, index) => fuzzBorder(border, each, seed + index));
}

export function fuzzBorder(border: Border, inputs: number, seed: number): Counts {
  const random = seededRandom(seed);
  let valid = 0;
  let refused = 0;
  const crashes: string[] = [];
  for (let input = 0; input < inputs; input += 1) {
    try {
      if (border.attempt(random, input % VALID_EVERY > 0) === 'value') valid += 1;
      else refused += 1;
    } catch (error) {
      if (isExpected(error)) refused += 1;
      else if (crashes.length < CRASHES_SHOWN) crashes.push(`input ${input}: ${String(error)}`);
    }
  }
  return { border: border.name, inputs, valid, refused, crashes };
}

/** A border's own errors; everything else would have ended a process. */
const isExpected = (error: unknown): boolean =>
  !(error instanceof BorderBroken) &&
  (error instanceof ContractError || error instanceof UsageError || error instanceof ConfigError);

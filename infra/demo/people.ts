/** The twenty people of the demo. */
import { seededRandom, type Random } from '../../producers/workload/random.ts';
import type { TemperName } from './tempers.ts';

export type Person = { readonly name: string; readonly temper: TemperName };

const NAMES: Readonly<Record<TemperName, readonly string[]>> = {
  impatient: ['dana', 'eli', 'finn', 'gus', 'hana'],
  patient: ['pia', 'paul', 'priya', 'pedro'],
  prudent: ['selma', 'sven', 'sofia'],
  forgetful: ['fay', 'fred', 'flora'],
  wavering: ['wanda', 'will', 'wei'],
  broke: ['ben', 'bea'],
};

export const PEOPLE: readonly Person[] = Object.entries(NAMES).flatMap(([temper, names]) =>
  names.map((name) => ({ name, temper: temper as TemperName })),
);

/** Returns the source of a person's choices, which no other person's choices change. */
export function randomOf({ name }: Person, seed: number): Random {
  const index = PEOPLE.findIndex((person) => person.name === name);
  return seededRandom(seed * PEOPLE.length + index);
}

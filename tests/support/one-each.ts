/** Settings of a system with one process of each pool, which starts soonest. */
export const ONE_EACH: Readonly<Record<string, string>> = Object.fromEntries(
  ['TRANSACTION', 'QUOTE', 'TRIGGER', 'AUDIT', 'INTAKE', 'WEB'].map((pool) => [
    `${pool}_PROCESSES`,
    '1',
  ]),
);

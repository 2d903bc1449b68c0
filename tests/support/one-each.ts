/** Settings of a system with one process of each pool, which starts fastest. */
export const ONE_EACH: Readonly<Record<string, string>> = Object.fromEntries(
  ['TRANSACTION', 'QUOTE', 'TRIGGER', 'AUDIT', 'INTAKE', 'WEB'].map((pool) => [
    `${pool}_PROCESSES`,
    '1',
  ]),
);

/** The same without web and intake. */
export const NO_EDGES: Readonly<Record<string, string>> = {
  ...ONE_EACH,
  INTAKE_PROCESSES: '0',
  WEB_PROCESSES: '0',
};

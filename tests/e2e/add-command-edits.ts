/** The edits that add `WITHDRAW,user,amount` by the list of CONTRIBUTING.md, file by file in its order. */

/** Puts a text before the first match in a file. */
export type Insertion = { readonly before: RegExp; readonly text: string };

export const CATALOGUE = 'shared/domain/command-catalogue.ts';
export const DECIDE = 'shared/domain/decide.ts';
export const EVENT = 'shared/domain/event.ts';
export const EVOLVE = 'shared/domain/evolve.ts';
export const LEDGER = 'shared/domain/ledger.ts';
export const MODEL = 'tests/model/command.ts';
export const REFUSALS = 'tests/unit/domain/rejection.test.ts';
export const CONSERVED = 'tests/property/two-worlds.ts';
export const WORKLOAD = 'workloads/every-command.workload';

export const EDITS: Readonly<Record<string, readonly Insertion[]>> = {
  [CATALOGUE]: [
    {
      before: /^ {2}QUOTE: \{/m,
      text: `  WITHDRAW: {
    meaning: 'takes money out of the balance',
    fields: ['user', 'amount'],
    needsAccount: true,
    needsQuote: false,
    touches: 'account',
  },
`,
    },
  ],
  [DECIDE]: [
    {
      before: /^ {4}case 'QUOTE':/m,
      text: `    case 'WITHDRAW':
      if (available(portfolio) < command.amount) return rejected('insufficient-funds');
      return accepted({ type: 'FundsWithdrawn', amount: command.amount });
`,
    },
    {
      before: /^import .*'\.\/portfolio\.ts';$/m,
      text: "import { available } from './portfolio.ts';\n",
    },
  ],
  [EVENT]: [
    {
      before: /^ {2}\| \{ readonly type: 'FundsAdded'/m,
      text: "  | { readonly type: 'FundsWithdrawn'; readonly amount: Cents }\n",
    },
  ],
  [EVOLVE]: [
    {
      before: /^ {4}case 'BuyPlaced':/m,
      text: `    case 'FundsWithdrawn':
      return withBalance(portfolio, negate(event.amount));
`,
    },
    { before: /(?<=^type OrderEventType =)/m, text: " 'FundsWithdrawn' |" },
  ],
  [LEDGER]: [
    {
      before: /^ {4}case 'BuyCommitted':/m,
      text: `    case 'FundsWithdrawn': {
      const taken = negate(event.amount);
      return entryOf({ event: event.type, balance: taken, deposited: taken });
    }
`,
    },
  ],
  [MODEL]: [
    { before: /^ {2}QUOTE: \[/m, text: "  WITHDRAW: ['user', 'amount'],\n" },
    {
      before: /^ {4}case 'QUOTE':/m,
      text: `    case 'WITHDRAW':
      return (step) => {
        demand(availableCash(step.account) >= command.amount, 'insufficient-funds');
        step.moveCash(-command.amount);
      };
`,
    },
    {
      before: /^import \{ isDumpFileName/m,
      text: "import { availableCash } from './account.ts';\n",
    },
  ],
  [REFUSALS]: [
    {
      before: /^ {2}QUOTE: \{/m,
      text: `  WITHDRAW: {
    tried: command('WITHDRAW', 10_00n),
    situations: [
      ['too-late', { change: LATE }],
      ['account-unknown', {}],
      ['insufficient-funds', { trader: traderWith(9_99n) }],
      ['accepted', { trader: traderWith(10_00n) }],
    ],
  },
`,
    },
  ],
  [CONSERVED]: [
    {
      before: /^ {4}if \(event\.type !== 'BuyTriggerArmed'/m,
      text: "    if (event.type === 'FundsWithdrawn') this.#deposited -= event.amount;\n",
    },
  ],
  [WORKLOAD]: [{ before: /$(?![^])/, text: '[24] WITHDRAW,alice,1.00\n' }],
};

/** The questions of the check, and the kinds of findings that answer them. Source: SPEC §3 to §5. */

/** The questions in the order of the report. */
export const QUESTIONS = {
  schema: 'Is it valid by the schema?',
  order: 'Is it in order?',
  workload: 'Does each command of the workload stand in it once?',
  accounts: 'Do the account transactions follow from the commands?',
  quotes: 'Was each quote used within its life?',
  hits: 'Were the hits needed?',
  triggers: 'Were the triggers met when they fired?',
} as const;

export type CheckQuestion = keyof typeof QUESTIONS;

/** The meaning of each kind of finding, below the question that it answers. */
const MEANINGS = {
  schema: {
    'xml-broken': 'the text is not well-formed XML',
    'root-wrong': 'the root element is not <log>',
    'event-unknown': 'an element is none of the six kinds of events',
    'content-unexpected': 'text or an element stands where none may',
    'field-unknown': 'a field does not belong to its kind of event',
    'field-missing': 'a field that its kind of event needs is missing',
    'field-twice': 'a field stands twice in one event',
    'field-invalid': 'the value of a field is not valid',
    'fields-as-attributes': 'fields are attributes instead of elements',
    'money-fraction': 'money is not a whole number of cents, as happens with floats',
    'kind-missing': 'the log has no event of a kind that it needs',
    'field-order': 'the fields are not in the order of SPEC §5.1',
    'money-format': 'money is not written with exactly two decimals',
    'field-form': 'a value is valid by the course’s schema, but not by SPEC §5.1',
  },
  order: {
    'time-backwards': 'an event of a user is older than the one before it',
    'number-backwards': 'a user’s command has a lower number than the one before it',
    'event-without-command': 'no open command or firing of the user has this number',
  },
  workload: {
    'command-missing': 'a command of the workload is not in the log',
    'command-twice': 'a command stands in the log more than once',
    'command-differs': 'a command differs from that of the workload',
    'command-unknown': 'a command is not in the workload',
  },
  accounts: {
    'account-transaction-wrong': 'an account transaction has wrong funds or a wrong action',
    'account-transaction-missing': 'a change of the balance is not in the log',
    'account-transaction-unexpected': 'nothing changed the balance here',
    'rejection-missing': 'a command that must be rejected has no errorEvent',
    'rejection-unexpected': 'a command that must take effect was rejected',
    'rejection-differs': 'a command was rejected for another reason',
    'balance-negative': 'the account transactions make a balance negative',
  },
  quotes: {
    'quote-expired': 'a quote was used after its life',
    'quote-missing': 'no quoteServer before it gives the price that was used',
    'quote-not-in-log': 'the price came from another user’s hit, which the log of one user lacks',
    'system-event-missing': 'the use of another command’s quote, or a firing, is not in the log',
    'system-event-unexpected': 'a systemEvent records nothing that SPEC §5.2 names',
  },
  hits: {
    'hit-while-fresh': 'a hit was made while a quote of the symbol was fresh',
    'hit-not-needed': 'a hit was made for a command that needs no price',
    'hit-without-command': 'no command and no armed trigger needs this hit',
  },
  triggers: {
    'trigger-not-met': 'a trigger fired at a price that does not meet it',
    'trigger-not-armed': 'a trigger fired that is not armed so',
    'trigger-not-fired': 'a trigger that was met when it was armed did not fire',
  },
} as const;

export type FindingKind = {
  [Each in CheckQuestion]: keyof (typeof MEANINGS)[Each];
}[CheckQuestion];

/**
 * `form`: a deviation if the log as a whole is written in another form of the course's schema than SPEC §5.1
 * demands, else a fault; `of-others`: no fault in the log of one user; `fault`: always one.
 */
type KindWeight = 'fault' | 'form' | 'of-others';

const WEIGHTS: Partial<Readonly<Record<FindingKind, KindWeight>>> = {
  'field-order': 'form',
  'money-format': 'form',
  'field-form': 'form',
  'system-event-unexpected': 'form',
  'quote-not-in-log': 'of-others',
};

type KindEntry = {
  readonly question: CheckQuestion;
  readonly meaning: string;
  readonly weight: KindWeight;
};

const ENTRIES: ReadonlyMap<FindingKind, KindEntry> = new Map(
  (Object.keys(QUESTIONS) as CheckQuestion[]).flatMap((question) => {
    const meanings: Readonly<Record<string, string>> = MEANINGS[question];
    return Object.entries(meanings).map(([name, meaning]) => {
      const kind = name as FindingKind;
      return [kind, { question, meaning, weight: WEIGHTS[kind] ?? 'fault' }] as const;
    });
  }),
);

/** The kinds in the order of the report. */
export const FINDING_KINDS: readonly FindingKind[] = [...ENTRIES.keys()];

export function kindEntry(kind: FindingKind): KindEntry {
  const entry = ENTRIES.get(kind);
  if (entry === undefined) throw new RangeError(`there is no kind of finding ${kind}`);
  return entry;
}

/** The fields of each kind of event, by the course's schema and by SPEC §5.1. */
import { COMMAND_NAMES } from '../../shared/domain/command-catalogue.ts';
import { parseUserId } from '../../shared/domain/identity.ts';
import type { AuditKind } from '../../shared/messages/audit-entry.ts';

type FieldRule = {
  /** Whether the course's schema allows the value. */
  readonly isValid: (text: string) => boolean;
  /** Whether SPEC §5.1 writes the value so; money has a rule of its own. */
  readonly isPlain: (text: string) => boolean;
  /** The rule of the schema, then that of SPEC, for a person. */
  readonly valid: string;
  readonly plain: string;
};

/** The schemas ignore blanks around numbers, and SPEC writes none. */
const INTEGER = /^[\t\n\r ]*[+-]?\d+[\t\n\r ]*$/;
const DECIMAL = /^[\t\n\r ]*[+-]?(\d+(\.\d*)?|\.\d+)[\t\n\r ]*$/;
const DIGITS = /^\d+$/;
const TIME_MAX = 4_102_444_800_000;

const any = (): boolean => true;
const isFilled = (text: string): boolean => text !== '';
const isInteger = (text: string): boolean => INTEGER.test(text);

const isTime = (text: string): boolean =>
  isInteger(text) && Number(text) >= 1 && Number(text) <= TIME_MAX;
const isNumber = (text: string): boolean => isInteger(text) && Number(text) >= 1;
const isCommand = (text: string): boolean => COMMAND_NAMES.some((name) => name === text);
const isAction = (text: string): boolean => text === 'add' || text === 'remove';

const money: FieldRule = {
  isValid: (text) => DECIMAL.test(text),
  isPlain: any,
  valid: 'a decimal number',
  plain: 'dollars with two decimals',
};
const text: FieldRule = {
  isValid: any,
  isPlain: isFilled,
  valid: 'a text',
  plain: 'a text that is not empty',
};

const RULES: Readonly<Record<string, FieldRule>> = {
  timestamp: {
    isValid: isTime,
    isPlain: (value) => DIGITS.test(value),
    valid: `Unix milliseconds from 1 to ${TIME_MAX}`,
    plain: 'digits',
  },
  server: text,
  transactionNum: {
    isValid: isNumber,
    isPlain: (value) => /^[1-9]\d*$/.test(value) && Number(value) <= Number.MAX_SAFE_INTEGER,
    valid: 'a positive whole number',
    plain: 'digits, at most 2^53 − 1',
  },
  command: { isValid: isCommand, isPlain: any, valid: 'the name of a command', plain: '' },
  username: {
    isValid: any,
    isPlain: (value) => parseUserId(value) !== undefined,
    valid: 'a text',
    plain: 'a user name: 1 to 64 of A-Z a-z 0-9 _ . -',
  },
  stockSymbol: {
    isValid: (value) => value.length <= 3,
    isPlain: (value) => /^[A-Z]{1,3}$/.test(value),
    valid: 'at most three characters',
    plain: 'one to three capital letters',
  },
  filename: text,
  funds: money,
  price: money,
  quoteServerTime: {
    isValid: isInteger,
    isPlain: (value) => DIGITS.test(value),
    valid: 'a whole number',
    plain: 'digits',
  },
  cryptokey: text,
  action: { isValid: isAction, isPlain: any, valid: 'add or remove', plain: '' },
  errorMessage: text,
  debugMessage: text,
};

/** Returns the rule of a field's value; undefined if there is no such field. */
export const fieldRule = (name: string): FieldRule | undefined => RULES[name];

/** Returns whether a field contains money. */
export const isMoney = (name: string): boolean => RULES[name] === money;

type KindFields = {
  /** In the order of SPEC §5.1. */
  readonly names: readonly string[];
  readonly required: readonly string[];
};

const ORIGIN = ['timestamp', 'server', 'transactionNum'];
const COMMAND = [...ORIGIN, 'command', 'username', 'stockSymbol', 'filename', 'funds'];
const QUOTE = [...ORIGIN, 'price', 'stockSymbol', 'username', 'quoteServerTime', 'cryptokey'];
const TRANSACTION = [...ORIGIN, 'action', 'username', 'funds'];

const commandFields = (...more: readonly string[]): KindFields => ({
  names: [...COMMAND, ...more],
  required: [...ORIGIN, 'command'],
});

const FIELDS: Readonly<Record<AuditKind, KindFields>> = {
  userCommand: commandFields(),
  quoteServer: { names: QUOTE, required: QUOTE },
  accountTransaction: { names: TRANSACTION, required: TRANSACTION },
  systemEvent: commandFields(),
  errorEvent: commandFields('errorMessage'),
  debugEvent: commandFields('debugMessage'),
};

/** Returns the fields of a kind; undefined if it is no kind of event. */
export const kindFields = (kind: string): KindFields | undefined =>
  (FIELDS as Readonly<Record<string, KindFields>>)[kind];

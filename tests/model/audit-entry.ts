import type { CommandFields } from './command-fields.ts';
import type { RejectionCode } from './rejection.ts';

/** An audit event that must be there, but for its time and server (SPEC §5). */
export type AuditEntry =
  | ({ readonly kind: 'userCommand'; readonly transactionNum: number } & CommandFields)
  /** A trigger that fired; those for the use of another's quote depend on who caused the hit. */
  | ({ readonly kind: 'systemEvent'; readonly transactionNum: number } & CommandFields)
  | ({
      readonly kind: 'errorEvent';
      readonly transactionNum: number;
      readonly code: RejectionCode;
      /** Texts that its message has to quote. */
      readonly quoted: readonly string[];
    } & CommandFields)
  | {
      readonly kind: 'accountTransaction';
      readonly transactionNum: number;
      readonly action: 'add' | 'remove';
      readonly username: string;
      readonly funds: string;
    };

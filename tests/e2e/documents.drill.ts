/** Follows every document whose commands run. `documents.test.ts` follows the README. */
import { DOCUMENTS } from './document-tables.ts';
import { followDocuments } from './follow-documents.ts';

followDocuments(DOCUMENTS);

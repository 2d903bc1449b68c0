/** Remembers the last line of a process's output, wherever its log goes. */
import { StringDecoder } from 'node:string_decoder';
import { describeLine } from '../host/log-lines.ts';

/** The most characters kept of an unfinished line; complete log lines of ours are shorter. */
const KEPT_CHARACTERS_MAX = 16_384;

export type LastLine = {
  readonly append: (chunk: Buffer) => void;
  /** The last line, rendered for people. */
  readonly text: () => string;
};

export function openLastLine(): LastLine {
  const decoder = new StringDecoder('utf8');
  let last = '';
  let begun = '';
  return {
    append: (chunk) => {
      const lines = (begun + decoder.write(chunk)).split('\n');
      begun = (lines.pop() ?? '').slice(-KEPT_CHARACTERS_MAX);
      last = lines.findLast((line) => line.trim() !== '') ?? last;
    },
    text: () => describeLine(begun.trim() === '' ? last : begun),
  };
}

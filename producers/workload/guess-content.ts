/** Guesses the format of a file without a readable line, and says what to do with it. Pure. */
import { isUtf8 } from 'node:buffer';
import { parseUnnumberedLine } from '../../shared/messages/workload-line.ts';

/** Formats that are recognised by their first bytes. */
const SIGNATURES: readonly (readonly [bytes: string, what: string])[] = [
  ['\x1f\x8b', 'gzip: give it a name that ends in .gz, or pipe it: zcat FILE | … workload -'],
  ['PK\x03\x04', 'a zip archive (or an office document): unpack it first'],
  ['BZh', 'bzip2: unpack it first (bunzip2)'],
  ['\xfd7zXZ\0', 'xz: unpack it first (unxz)'],
  ['\x28\xb5\x2f\xfd', 'zstd: unpack it first (unzstd)'],
  ['7z\xbc\xaf\x27\x1c', 'a 7z archive: unpack it first'],
  ['Rar!', 'a RAR archive: unpack it first'],
  ['%PDF', 'PDF: save its text as a plain file'],
  ['\x89PNG', 'a PNG picture'],
  ['\xff\xd8\xff', 'a JPEG picture'],
  ['GIF8', 'a GIF picture'],
  ['\x7fELF', 'a program'],
  ['SQLite format 3\0', 'an SQLite database'],
  ['\xd0\xcf\x11\xe0', 'an old office document: save it as plain text'],
  ['\xff\xfe', 'text in UTF-16: iconv -f UTF-16 -t UTF-8 FILE makes it UTF-8'],
  ['\xfe\xff', 'text in UTF-16: iconv -f UTF-16 -t UTF-8 FILE makes it UTF-8'],
];
const TAR_MARK_AT = 257;

const SEPARATORS: Readonly<Record<string, string>> = {
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
  ' ': 'spaces',
};

/** How many lines of the beginning are examined; the last of them may be cut off. */
const SAMPLE_LINES = 50;

/** Describes a file by its first bytes, in words that follow "it seems to be". */
export function guessContent(head: Buffer): string {
  const start = head.toString('latin1');
  const [, known] = SIGNATURES.find(([bytes]) => start.startsWith(bytes)) ?? [];
  if (known !== undefined) return known;
  if (start.startsWith('ustar', TAR_MARK_AT)) return 'a tar archive: unpack it and give its folder';
  if (looksLikeUtf16(head)) return 'text in UTF-16: iconv -f UTF-16LE -t UTF-8 FILE makes it UTF-8';
  if (isBinary(head)) return 'binary data';
  const text = head.toString('utf8').replace(/^\ufeff/, '');
  if (text.trim() === '') return 'empty';
  return (
    guessText(text) ?? (isText(head) ? 'text, but not a workload' : 'text in another encoding')
  );
}

function guessText(text: string): string | undefined {
  const trimmed = text.trimStart();
  if (/^<(!doctype html|html)/i.test(trimmed)) return 'a web page (HTML)';
  if (/^<[?!a-z]/i.test(trimmed))
    return 'XML: a dump of the audit log, perhaps, and not a workload';
  if (/^(\{|\[\s*[{"\]])/.test(trimmed)) return 'JSON';
  const lines = text.split('\n', SAMPLE_LINES).filter((line) => line.trim() !== '');
  const isSome = (isIt: (line: string) => boolean): boolean => lines.some(isIt);
  if (isSome(isUnnumbered)) return 'a workload without numbers: use --number';
  if (isSome(isCommand)) return 'a workload whose numbers are not in brackets: write [7] BUY,…';
  const [, separator] =
    Object.entries(SEPARATORS).find(([mark]) =>
      isSome((line) => isCommand(line.trim().replaceAll(mark, ','))),
    ) ?? [];
  return separator && `a workload whose fields ${separator} separate: put commas there`;
}

const isUnnumbered = (line: string): boolean => parseUnnumberedLine(line, 1).type === 'command';

/** Whether the line is a command without the number before it, in brackets or not. */
const isCommand = (line: string): boolean =>
  isUnnumbered(line.replace(/^\s*\[?\d+\]?[\s,;:.)]*/, ''));

/** ASCII in UTF-16 has a NUL in every other byte. */
function looksLikeUtf16(head: Buffer): boolean {
  const odd = head.filter((byte, index) => index % 2 === 1 && byte === 0).length;
  const even = head.filter((byte, index) => index % 2 === 0 && byte === 0).length;
  return head.length > 3 && Math.abs(odd - even) > head.length * 0.4;
}

/** Whether there is a control character that does not occur in text. */
const isBinary = (head: Buffer): boolean =>
  head.some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b));

/** Ignores up to three bytes at the end, where a character of up to four bytes may be cut off. */
const isText = (head: Buffer): boolean =>
  [0, 1, 2, 3].some((cut) => isUtf8(head.subarray(0, head.length - cut)));

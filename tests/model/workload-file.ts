import { readCommand, splitNumber } from './workload-line.ts';
import type { LineContent } from './workload-line.ts';

const LINE_LIMIT_BYTES = 4096;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const LENIENT = new TextDecoder('utf-8', { ignoreBOM: true });

export type WorkloadLine = LineContent & { readonly line: number };

/** Every line of a workload file (SPEC §1) but the blank ones. */
export function* readWorkloadFile(bytes: Buffer): Generator<WorkloadLine> {
  const content = bytes.subarray(0, 3).equals(BOM) ? bytes.subarray(3) : bytes;
  let lastNumber = 0;
  let line = 0;
  for (const raw of linesOf(content)) {
    line += 1;
    const { text, damage } = decode(raw);
    if (damage === null && /^[ \t]*$/.test(text)) continue;
    const split = splitNumber(text, lastNumber);
    if (split === null) {
      yield { kind: 'unreadable', fault: damage ?? 'number', audited: null, line };
      continue;
    }
    // A number is good by itself: what follows it may be unreadable and the next is still greater.
    lastNumber = split.number;
    yield { ...readCommand(split.number, split.parts, damage), line };
  }
}

function* linesOf(content: Buffer): Generator<Buffer> {
  let start = 0;
  while (start < content.length) {
    const newline = content.indexOf(0x0a, start);
    const end = newline === -1 ? content.length : newline;
    yield content.subarray(start, content[end - 1] === 0x0d && end > start ? end - 1 : end);
    start = end + 1;
  }
}

function decode(raw: Buffer): { text: string; damage: 'too-long' | 'not-utf8' | null } {
  if (raw.length > LINE_LIMIT_BYTES) {
    return { text: LENIENT.decode(raw.subarray(0, LINE_LIMIT_BYTES)), damage: 'too-long' };
  }
  try {
    return { text: STRICT.decode(raw), damage: null };
  } catch {
    return { text: LENIENT.decode(raw), damage: 'not-utf8' };
  }
}

/** Reads the text of a log: a file, a `.gz` file, or standard input. */
import { readChunks, readCompressed } from '../../producers/workload/read-chunks.ts';
import { STANDARD_INPUT } from '../../producers/workload/find-parts.ts';
import { fromUser } from './output.ts';

/** Yields the text in pieces. Bytes that are not UTF-8 become U+FFFD. Rejects with `file-unreadable`. */
export async function* readLogText(log: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const bytes of bytesOf(log)) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

function bytesOf(log: string): AsyncIterable<Buffer> {
  if (log === STANDARD_INPUT) return process.stdin as AsyncIterable<Buffer>;
  const path = fromUser(log);
  return log.toLowerCase().endsWith('.gz') ? readCompressed(path) : readChunks(path);
}

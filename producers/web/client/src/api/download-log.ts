/** Downloads the whole log as a file, and reports its progress. */
import { occurrenceCounter } from '../pure/occurrence-counter.ts';
import { API } from './http.ts';
import { ApiProblem, Unreachable } from './problem.ts';

type Options = {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LogProgress) => void;
};

export type LogProgress = {
  readonly bytes: number;
  readonly events: number;
  /** The expected number of events; undefined if the server did not send it. */
  readonly of: number | undefined;
};

/** Occurs once in each event. */
const EVENT_MARK = '</transactionNum>';

/**
 * Resolves to the number of bytes once the file is complete. Rejects with `ApiProblem` or `Unreachable`
 * without saving anything if the download fails.
 */
export async function downloadLog({ signal, onProgress }: Options): Promise<number> {
  const response = await fetch(`${API}/admin/log.xml`, { credentials: 'same-origin', signal });
  if (!response.ok || response.body === null) {
    const { status } = response;
    throw new ApiProblem({ code: 'log', status, title: `The server answered ${status}` });
  }
  const parts: BlobPart[] = [];
  const count = occurrenceCounter(EVENT_MARK);
  const decoder = new TextDecoder();
  const of = Number(response.headers.get('x-log-events') ?? Number.NaN);
  let bytes = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await next(reader);
    if (done) break;
    parts.push(value);
    bytes += value.byteLength;
    const events = count(decoder.decode(value, { stream: true }));
    onProgress({ bytes, events, of: Number.isNaN(of) ? undefined : of });
  }
  save(new Blob(parts, { type: 'application/xml' }));
  return bytes;
}

async function next(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
): Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>> {
  try {
    return await reader.read();
  } catch (error: unknown) {
    throw new Unreachable(error);
  }
}

function save(blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = 'log.xml';
  link.click();
  // The browser reads the blob after the click, which takes less than a minute.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

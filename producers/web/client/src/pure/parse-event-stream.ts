/** Parses server-sent events from a text that comes in pieces, which may be cut anywhere. */

export type StreamEvent = {
  readonly name: string;
  readonly data: string;
  readonly id: string | undefined;
};

/** Makes a parser that returns the events that each piece completes, and keeps the rest for the next. */
export function eventStreamParser(): (piece: string) => readonly StreamEvent[] {
  let rest = '';
  return (piece) => {
    const blocks = (rest + piece).replaceAll('\r\n', '\n').split('\n\n');
    rest = blocks.pop() ?? '';
    return blocks.map(parseBlock).filter((event) => event !== undefined);
  };
}

/** Returns undefined for a block with only comments, which keep the connection alive. */
function parseBlock(block: string): StreamEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const [, field, value = ''] = /^([a-z]+)(?:: ?(.*))?$/.exec(line) ?? [];
    if (field === undefined) continue;
    const before = field === 'data' ? fields.get('data') : undefined;
    fields.set(field, before === undefined ? value : `${before}\n${value}`);
  }
  const data = fields.get('data');
  return data === undefined
    ? undefined
    : { name: fields.get('event') ?? 'message', data, id: fields.get('id') };
}

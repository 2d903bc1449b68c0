/** Server-sent events from the text of a stream, however it is cut into pieces. */

export type StreamEvent = {
  readonly name: string;
  readonly data: string;
  readonly id: string | undefined;
};

/** Gives each piece's finished events; what is unfinished waits for the next piece. */
export function eventStreamParser(): (piece: string) => readonly StreamEvent[] {
  let rest = '';
  return (piece) => {
    const blocks = (rest + piece).replaceAll('\r\n', '\n').split('\n\n');
    rest = blocks.pop() ?? '';
    return blocks.map(parseBlock).filter((event) => event !== undefined);
  };
}

/** Undefined for a block of comments alone, which only shows that the stream lives. */
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

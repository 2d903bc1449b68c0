/** Changes valid inputs a little: bytes, fields, and the values of JSON. */
import type { Random } from '../../producers/workload/random.ts';

/** What parsers stumble over, if over anything. */
const SPICE: readonly string[] = [
  ...['', ' ', '\t', ',', ',,', '[', ']', '\0', '\r', '\n', '\uFEFF', '"', '\\', '$', '{', '}'],
  ...['-1', '0', '00', '1e3', '1.234', '.5', '5.', '+5', 'NaN', 'Infinity', '0x10', '١٢', 'ſ', 'ß'],
  ...[
    '9007199254740991',
    '9007199254740992',
    '1000000000.00',
    '1000000000.01',
    '99999999999999999',
  ],
  ...['null', 'true', '[]', '{}', '"v":2', '__proto__', '../x', '/etc/passwd', 'é', '😀', '\uD800'],
  'x'.repeat(70),
  'A'.repeat(5_000),
];

const SPICE_VALUES: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1,
    2,
    1.5,
    1e300,
    2 ** 53,
    '',
    ' ',
    'a',
    'ABC',
    [],
    {},
    [1],
    { a: 1 },
  ],
  ...['ADD', 'buy', '00000000-0000-7000-8000-000000000001', 'x'.repeat(300), '\0', '$system'],
];

const pick = <Item>(random: Random, items: readonly Item[]): Item | undefined =>
  items[random.below(items.length)];

/** One to four changes of a text. */
export function mutateText(random: Random, text: string): string {
  let changed = text;
  for (let left = 1 + random.below(4); left > 0; left -= 1) changed = changeText(random, changed);
  return changed;
}

function changeText(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  const to = at + random.below(5);
  switch (random.below(7)) {
    case 0:
      return text.slice(0, at) + text.slice(to);
    case 1:
      return text.slice(0, at) + (pick(random, SPICE) ?? '') + text.slice(at);
    case 2:
      return text.slice(0, at) + (pick(random, SPICE) ?? '') + text.slice(to);
    case 3:
      return text.slice(0, at) + String.fromCharCode(random.below(256)) + text.slice(at + 1);
    case 4:
      return text.slice(0, at) + text.slice(at, to).repeat(2) + text.slice(to);
    case 5:
      return changeField(random, text);
    default:
      return random.below(2) === 0 ? text.toLowerCase() : text.toUpperCase();
  }
}

/** Drops, doubles, replaces or moves one of the fields between commas. */
function changeField(random: Random, text: string): string {
  const fields = text.split(',');
  const at = random.below(fields.length);
  const present = fields[at] ?? '';
  const instead = [[], [present, present], [pick(random, SPICE) ?? ''], [` ${present}\t`]];
  fields.splice(at, 1, ...(pick(random, instead) ?? []));
  return fields.join(',');
}

export function mutateBytes(random: Random, bytes: Buffer): Buffer {
  if (random.below(3) > 0)
    return Buffer.from(mutateText(random, bytes.toString('latin1')), 'latin1');
  const changed = Buffer.from(bytes);
  for (let left = 1 + random.below(4); left > 0 && changed.length > 0; left -= 1) {
    changed[random.below(changed.length)] = random.below(256);
  }
  return changed;
}

/** Bytes of JSON, changed as a value or as bytes. */
export function mutateJson(random: Random, bytes: Buffer): Buffer {
  if (random.below(4) === 0) return mutateBytes(random, bytes);
  const value: unknown = JSON.parse(bytes.toString());
  return Buffer.from(JSON.stringify(changeValue(random, value)));
}

/** Changes something at some depth. */
function changeValue(random: Random, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || random.below(12) === 0) {
    return random.below(3) === 0 && typeof value === 'string'
      ? mutateText(random, value)
      : pick(random, SPICE_VALUES);
  }
  if (Array.isArray(value)) return changeList(random, value as readonly unknown[]);
  const entries = Object.entries(value);
  const at = random.below(entries.length + 1);
  const [key, present] = entries[at] ?? [pick(random, ['u', 'fire', 'expected', 'hash', 'v']), 1];
  const without = entries.filter((_, index) => index !== at);
  if (random.below(6) === 0) return Object.fromEntries(without);
  return Object.fromEntries([...without, [key, changeValue(random, present)]]);
}

function changeList(random: Random, list: readonly unknown[]): unknown {
  const at = random.below(list.length);
  if (list.length === 0 || random.below(6) === 0) return [];
  if (random.below(40) === 0) return Array.from({ length: 1_001 }, () => list[at]);
  return list.map((item, index) => (index === at ? changeValue(random, item) : item));
}

/** Values and bodies that no parameter expects, and the paths that hold one. */
import { newId } from '../../../shared/runtime/new-id.ts';
import { bodiesOf, type Operation, type Parameter, type SchemaNode } from './api-routes.ts';

/** Beyond int, bigint and double, of no range, of other kinds, and what PostgreSQL's text cannot hold. */
export const ODD: readonly string[] = [
  ...[
    '',
    ' ',
    '-1',
    '0',
    '-0',
    '00',
    '1.5',
    '1e300',
    '-1e300',
    '1e-300',
    '1e400',
    'NaN',
    'Infinity',
  ],
  ...['2147483647', '2147483648', '4294967296', '9007199254740993', '253402300800000'],
  ...['999999999999999999', '9223372036854775807', '9223372036854775808', '9999999999999999999'],
  ...['1.0', '1.2147483648', '1.9999999999', '1.', '.1', '0x10', '１２３', '9'.repeat(100)],
  ...['null', 'true', '[]', '{}', '\u0000', 'a\u0000b', '\ud7ff\ue000', '\u{1f600}', '%', "'", '"'],
  ...['-'.repeat(36), 'f'.repeat(36), '00000000-0000-0000-0000-000000000000', '__proto__'],
];
/** Percent-encodings that are not UTF-8. */
export const ODD_ENCODED: readonly string[] = [
  '%00',
  '%ff',
  '%ed%a0%80',
  '%c0%80',
  '%',
  '%zz',
  '%u0041',
];
/** Texts that Node sends in a header. */
export const ODD_HEADERS: readonly string[] = ODD.filter((text) =>
  /^[\t\x20-\x7e\x80-\xff]*$/.test(text),
);

const ODD_JSON: readonly string[] = [
  ...['null', 'true', '[]', '{}', '""', '-1', '0', '1.5', '1e300', '-1e300', '1e400', '1e-300'],
  ...['2147483648', '9007199254740993', '9223372036854775808', '[[]]', '{"a":1}'],
  ...['"\\u0000"', '"\\ud800"', '"a\\udfffb"', '"1e300"', '"9999999999999999999"', '"１２３"'],
  `"${'9'.repeat(300)}"`,
  `"${'x'.repeat(10_000)}"`,
];

/** Takes the values that a suite sends in one parameter. */
export type Choose = <Value>(values: readonly Value[]) => readonly Value[];

/** Returns one that takes every nth value, and starts one value later for each next parameter. */
export function everyNth(nth: number): Choose {
  let from = 0;
  return (values) => {
    from = (from + 1) % nth;
    return values.filter((_, index) => index % nth === from);
  };
}

/** A good value for a parameter that is not the one under test. */
function example({ name, schema }: Parameter): string {
  if (name === 'symbols' || name === 'symbol') return 'ABC';
  if (name === 'name') return 'walker-3';
  if (schema.pattern?.includes('{8}-') === true) return newId();
  return 'abc';
}

/** Returns the path with good values, but for one parameter that may hold an odd one. */
export const pathOf = (
  path: string,
  parameters: readonly Parameter[],
  odd?: [Parameter, string],
): string => {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    if (odd?.[0].in === 'path' && odd[0].name === name) return odd[1];
    const parameter = parameters.find((each) => each.in === 'path' && each.name === name);
    return parameter === undefined ? 'x' : example(parameter);
  });
  const query = parameters
    .filter((each) => each.in === 'query' && (each.required === true || each === odd?.[0]))
    .map((each) => `${each.name}=${each === odd?.[0] ? odd[1] : example(each)}`);
  return query.length === 0 ? filled : `${filled}?${query.join('&')}`;
};

/** Returns bodies with one odd field each, and bodies that are odd as a whole, of those that `choose` takes. */
export function oddBodies(operation: Operation, choose: Choose): readonly string[] {
  const forms = bodiesOf(operation);
  if (forms.length === 0) return [];
  const ofFields = forms.flatMap(({ properties = {} }) =>
    Object.keys(properties).flatMap((odd) =>
      choose(ODD_JSON).map((value) => {
        const fields = Object.entries(properties).map(([name, node]) =>
          name === odd
            ? `"${name}":${value}`
            : `"${name}":${JSON.stringify(goodField(name, node))}`,
        );
        return `{${fields.join(',')}}`;
      }),
    ),
  );
  const wholes = [...ODD_JSON, '', '{', '[['.repeat(4_000), '{"__proto__":{"a":1}}'];
  return [...ofFields, ...choose(wholes)];
}

function goodField(name: string, node: SchemaNode): unknown {
  const [value = node.const] = node.enum ?? node.anyOf?.map((each) => each.const) ?? [];
  if (value !== undefined) return value;
  if (node.type === 'integer') return 1;
  if (node.type === 'boolean') return false;
  return { amount: '1.00', price: '1.00', symbol: 'ABC', file: './walk.xml' }[name] ?? 'abcdefghij';
}

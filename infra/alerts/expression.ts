/** The part of PromQL in which the alert rules are written. */

const COMPARISONS = ['==', '!=', '>', '<', '>=', '<='] as const;
const ARITHMETIC = ['+', '-', '*', '/'] as const;
const SETS = ['or', 'and', 'unless'] as const;
const FUNCTIONS = ['absent', 'count', 'increase', 'max', 'sum'] as const;
const MATCHES = ['=', '!=', '=~', '!~'] as const;

export type Comparison = (typeof COMPARISONS)[number];
export type Arithmetic = (typeof ARITHMETIC)[number];
export type SetOperator = (typeof SETS)[number];
export type FunctionName = (typeof FUNCTIONS)[number];
export type Matcher = {
  readonly label: string;
  readonly by: (typeof MATCHES)[number];
  readonly text: string;
};

export type Expression =
  | { readonly is: 'number'; readonly value: number }
  | Selector
  | { readonly is: 'call'; readonly name: FunctionName; readonly of: Expression }
  | (Sides & { readonly is: 'comparison'; readonly operator: Comparison })
  | (Sides & { readonly is: 'arithmetic'; readonly operator: Arithmetic })
  | (Sides & {
      readonly is: 'set';
      readonly operator: SetOperator;
      /** The labels to match on; undefined for all. */
      readonly on: readonly string[] | undefined;
    });

type Sides = { readonly left: Expression; readonly right: Expression };

export type Selector = {
  readonly is: 'selector';
  readonly name: string;
  readonly matchers: readonly Matcher[];
  /** How far back a range reaches; undefined for the present value. */
  readonly rangeMs: number | undefined;
};

/** Parses an expression. Throws a `SyntaxError` for anything that the rules do not use. */
export function parseExpression(text: string): Expression {
  const parser = new Parser(tokensOf(text));
  const expression = parser.expression(0);
  parser.end();
  return expression;
}

/** Returns every series that an expression asks for. */
export function selectorsIn(expression: Expression): readonly Selector[] {
  switch (expression.is) {
    case 'number':
      return [];
    case 'selector':
      return [expression];
    case 'call':
      return selectorsIn(expression.of);
    case 'arithmetic':
    case 'comparison':
    case 'set':
      return [...selectorsIn(expression.left), ...selectorsIn(expression.right)];
  }
}

const TOKEN =
  /\s*("(?:[^"\\]|\\.)*"|\d+(?:\.\d+)?[smhd]?|[A-Za-z_:][\w:]*|=~|!~|==|!=|>=|<=|[-+*/<>=(){}[\],])/y;

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  const from = text.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < from.length) {
    const at = TOKEN.lastIndex;
    const [, token] = TOKEN.exec(from) ?? [];
    if (token === undefined)
      throw new SyntaxError(`${from}: not understood from ${from.slice(at)}`);
    tokens.push(token);
  }
  return tokens;
}

/** Returns how strongly an operator binds; undefined if the token is not an operator. */
function strengthOf(token: string): number | undefined {
  if (token === 'or') return 1;
  if (token === 'and' || token === 'unless') return 2;
  if (isOneOf(COMPARISONS, token)) return 3;
  if (token === '+' || token === '-') return 4;
  return token === '*' || token === '/' ? 5 : undefined;
}

const isOneOf = <Name extends string>(names: readonly Name[], text: string): text is Name =>
  (names as readonly string[]).includes(text);

const MS: Readonly<Record<string, number>> = { s: 1e3, m: 60e3, h: 3_600e3, d: 86_400e3 };

/** Parses a duration such as `30s` or `5m` to milliseconds. */
export const durationMs = (text: string): number =>
  Number(text.slice(0, -1)) * (MS[text.slice(-1)] ?? Number.NaN);

class Parser {
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  end(): void {
    if (this.#next < this.#tokens.length) throw this.#unexpected();
  }

  /** Parses an expression of operators that bind more strongly than `least`. */
  expression(least: number): Expression {
    let left = this.#operand();
    for (;;) {
      const operator = this.#tokens[this.#next] ?? '';
      const strength = strengthOf(operator);
      if (strength === undefined || strength <= least) return left;
      this.#next += 1;
      if (isOneOf(SETS, operator)) {
        const on = this.#accept('on') ? this.#names() : undefined;
        left = { is: 'set', operator, on, left, right: this.expression(strength) };
      } else if (isOneOf(COMPARISONS, operator)) {
        left = { is: 'comparison', operator, left, right: this.expression(strength) };
      } else if (isOneOf(ARITHMETIC, operator)) {
        left = { is: 'arithmetic', operator, left, right: this.expression(strength) };
      }
    }
  }

  #operand(): Expression {
    if (this.#accept('(')) return this.#closed();
    const token = this.#take();
    if (/^\d/.test(token)) return { is: 'number', value: Number(token) };
    if (!/^[A-Za-z_:]/.test(token)) throw this.#unexpected(token);
    if (isOneOf(FUNCTIONS, token) && this.#accept('(')) {
      return { is: 'call', name: token, of: this.#closed() };
    }
    const matchers = this.#accept('{') ? this.#matchers() : [];
    return { is: 'selector', name: token, matchers, rangeMs: this.#range() };
  }

  #closed(): Expression {
    const expression = this.expression(0);
    this.#expect(')');
    return expression;
  }

  #matchers(): readonly Matcher[] {
    const matchers: Matcher[] = [];
    while (!this.#accept('}')) {
      if (matchers.length > 0) this.#expect(',');
      const label = this.#take();
      const by = this.#take();
      if (!isOneOf(MATCHES, by)) throw this.#unexpected(by);
      matchers.push({ label, by, text: JSON.parse(this.#take()) as string });
    }
    return matchers;
  }

  #names(): readonly string[] {
    this.#expect('(');
    const names: string[] = [];
    while (!this.#accept(')')) {
      if (names.length > 0) this.#expect(',');
      names.push(this.#take());
    }
    return names;
  }

  #range(): number | undefined {
    if (!this.#accept('[')) return undefined;
    const text = this.#take();
    this.#expect(']');
    return durationMs(text);
  }

  #take(): string {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw this.#unexpected('the end');
    this.#next += 1;
    return token;
  }

  #accept(token: string): boolean {
    if (this.#tokens[this.#next] !== token) return false;
    this.#next += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#accept(token)) throw this.#unexpected();
  }

  #unexpected(token = this.#tokens[this.#next] ?? 'the end'): SyntaxError {
    return new SyntaxError(`${this.#tokens.join(' ')}: ${token} is not expected`);
  }
}

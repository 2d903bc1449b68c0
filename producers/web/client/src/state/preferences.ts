/** What the user chose for this browser. It outlasts sessions, because it holds nothing of an account. */
import { effect, signal, type Signal } from '@preact/signals';

const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

const SWITCHES = ['on', 'off'] as const;

export type Preferences = {
  readonly theme: Signal<Theme>;
  /** Whether single keys are shortcuts, which some people press by accident. */
  readonly shortcuts: Signal<(typeof SWITCHES)[number]>;
};

export function createPreferences(): Preferences {
  const theme = keptSignal('daytrade.theme', THEMES);
  // The style sheet reads the attribute; `system` is what it does without one that it knows.
  effect(() => document.documentElement.setAttribute('data-theme', theme.value));
  return { theme, shortcuts: keptSignal('daytrade.shortcuts', SWITCHES) };
}

/** The first value is the default. Follows the choice made in another tab. */
function keptSignal<Value extends string>(
  name: string,
  values: readonly [Value, ...Value[]],
): Signal<Value> {
  const parse = (text: string | null): Value => values.find((each) => each === text) ?? values[0];
  const kept = signal(parse(localStorage.getItem(name)));
  effect(() => localStorage.setItem(name, kept.value));
  addEventListener('storage', ({ key, newValue }) => {
    if (key === name) kept.value = parse(newValue);
  });
  return kept;
}

/** A combobox of the known symbols, which also accepts any other valid symbol. */
import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useId } from 'preact/hooks';
import type { SymbolList } from '../../../../../shared/web-api/quote.ts';
import { formatMoney } from '../pure/money.ts';
import { parseSymbol } from '../pure/route.ts';
import { useApp } from '../state/app-context.ts';
import { Icon } from './icon.tsx';

type Found = SymbolList['symbols'];
type SearchProps = { readonly onOpen: (symbol: string) => void };

const WAIT_MS = 120;
const SHOWN_MAX = 8;
const NONE = -1;

export function SymbolSearch({ onOpen }: SearchProps): JSX.Element {
  const id = useId();
  const text = useSignal('');
  const isOpen = useSignal(false);
  const chosen = useSignal(NONE);
  const options = useFound(text).value;
  const open = (symbol: string | undefined): void => {
    if (symbol === undefined) return;
    text.value = '';
    isOpen.value = false;
    onOpen(symbol);
  };
  const move = (by: number): void => {
    isOpen.value = true;
    const from = chosen.value === NONE && by < 0 ? 0 : chosen.value;
    chosen.value = options.length === 0 ? NONE : (from + by + options.length) % options.length;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Escape') isOpen.value = false;
    else if (event.key === 'Enter') {
      open(options[chosen.value]?.symbol ?? parseSymbol(text.value) ?? options[0]?.symbol);
    } else return;
    event.preventDefault();
  };
  const isShown = isOpen.value && options.length > 0;
  return (
    <div class="search">
      <label class="unseen" for={id}>
        Open a symbol
      </label>
      <Icon name="search" />
      <input
        id={id}
        class="input"
        role="combobox"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        maxLength={3}
        placeholder="Search a symbol"
        aria-expanded={isShown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={
          isShown && chosen.value !== NONE ? `${id}-${chosen.value}` : undefined
        }
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value.toUpperCase();
          chosen.value = NONE;
          isOpen.value = true;
        }}
        onFocus={() => (isOpen.value = true)}
        onBlur={() => (isOpen.value = false)}
        onKeyDown={onKeyDown}
      />
      <ul id={`${id}-list`} role="listbox" aria-label="Symbols" class="options" hidden={!isShown}>
        {options.map(({ symbol, quote }, index) => (
          <li
            key={symbol}
            id={`${id}-${index}`}
            role="option"
            class="option"
            aria-selected={index === chosen.value}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => open(symbol)}
          >
            <span class="strong">{symbol}</span>
            <span class="quiet number">
              {quote === null ? 'no quote yet' : formatMoney(quote.price)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Searches when typing pauses; drops an answer to an older text. */
function useFound(text: Signal<string>): Signal<Found> {
  const { http } = useApp();
  const found = useSignal<Found>([]);
  const wanted = text.value.trim();
  useEffect(() => {
    if (wanted !== '' && parseSymbol(wanted) === undefined) {
      found.value = [];
      return undefined;
    }
    let isWanted = true;
    const timer = setTimeout(() => {
      http.get<SymbolList>('/symbols', { q: wanted }).then(
        ({ symbols }) => {
          if (isWanted) found.value = symbols.slice(0, SHOWN_MAX);
        },
        () => undefined,
      );
    }, WAIT_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [wanted]);
  return found;
}

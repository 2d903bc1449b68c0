/** A combobox of the known symbols, which also accepts any other valid symbol. */
import { useSignal, type Signal } from '@preact/signals';
import type { JSX, RefObject } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { SymbolList } from '../../../../../shared/web-api/quote.ts';
import { formatMoney } from '../pure/money.ts';
import { checkSymbol, readSymbol } from '../pure/route.ts';
import { useApp } from '../state/app-context.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { Icon } from './icon.tsx';
import { PriceAge } from './price-age.tsx';

type Found = SymbolList['symbols'];
type SearchProps = { readonly onOpen: (symbol: string) => void };

const WAIT_MS = 120;
const SHOWN_MAX = 8;
const NONE = -1;

export function SymbolSearch({ onOpen }: SearchProps): JSX.Element {
  const id = useId();
  const input = useFocusWhenAsked();
  const { text, fault, options, chosen, isShown, type, show, open, onKeyDown } = useSearch(onOpen);
  return (
    <div class="search">
      <label class="unseen" for={id}>
        Open a symbol
      </label>
      <Icon name="search" />
      <input
        id={id}
        ref={input}
        class="input"
        role="combobox"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        placeholder="Search a symbol"
        aria-expanded={isShown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-invalid={fault === undefined ? undefined : 'true'}
        aria-describedby={`${id}-fault`}
        aria-activedescendant={isShown && chosen !== NONE ? `${id}-${chosen}` : undefined}
        value={text}
        onInput={(event) => type(event.currentTarget.value)}
        onFocus={() => show(true)}
        onBlur={() => show(false)}
        onKeyDown={onKeyDown}
      />
      <p id={`${id}-fault`} class="fault" role="status">
        {fault}
      </p>
      <ul id={`${id}-list`} role="listbox" aria-label="Symbols" class="options" hidden={!isShown}>
        {options.map((option, index) => (
          <SymbolOption
            key={option.symbol}
            id={`${id}-${index}`}
            option={option}
            isChosen={index === chosen}
            onOpen={open}
          />
        ))}
      </ul>
    </div>
  );
}

/** Takes the focus when a shortcut asks for the search, also if it asked before this page was there. */
function useFocusWhenAsked(): RefObject<HTMLInputElement | null> {
  const input = useRef<HTMLInputElement>(null);
  const { asksSearch } = useApp().store;
  const isAsked = asksSearch.value;
  useEffect(() => {
    if (!isAsked) return undefined;
    // Comes after a new page has focused its heading.
    const timer = setTimeout(() => {
      asksSearch.value = false;
      input.current?.focus();
    });
    return () => clearTimeout(timer);
  }, [isAsked]);
  return input;
}

type SymbolOptionProps = SearchProps & {
  readonly id: string;
  readonly option: Found[number];
  readonly isChosen: boolean;
};

const SymbolOption = ({ id, option, isChosen, onOpen }: SymbolOptionProps): JSX.Element => (
  <li
    id={id}
    role="option"
    class="option"
    aria-selected={isChosen}
    // Keeps the focus in the input, which would close the list when it loses it.
    onPointerDown={(event) => event.preventDefault()}
    onClick={() => onOpen(option.symbol)}
  >
    <span class="strong">{option.symbol}</span>
    <span class="quiet number">
      {option.quote === null ? (
        'no quote yet'
      ) : (
        <>
          {formatMoney(option.quote.price)}{' '}
          <span class="small">
            <PriceAge at={option.quote.receivedAt} />
          </span>
        </>
      )}
    </span>
  </li>
);

type Search = {
  readonly text: string;
  /** Why the text is no symbol. */
  readonly fault: string | undefined;
  readonly options: Found;
  /** The index of the option that the arrow keys have reached, or `NONE`. */
  readonly chosen: number;
  readonly isShown: boolean;
  readonly type: (text: string) => void;
  readonly show: (isOpen: boolean) => void;
  readonly open: (symbol: string | undefined) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
};

/** The state of the search: the text, the symbols found, and the one that the arrow keys have reached. */
function useSearch(onOpen: SearchProps['onOpen']): Search {
  const text = useSignal('');
  const isOpen = useSignal(false);
  const chosen = useSignal(NONE);
  const options = useFound(text);
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
  return {
    text: text.value,
    fault: checkSymbol(text.value),
    options,
    chosen: chosen.value,
    isShown: isOpen.value && options.length > 0,
    type: (typed) => {
      text.value = typed.toUpperCase();
      chosen.value = NONE;
      isOpen.value = true;
    },
    show: (shown) => (isOpen.value = shown),
    open,
    onKeyDown: (event) => {
      if (event.key === 'ArrowDown') move(1);
      else if (event.key === 'ArrowUp') move(-1);
      else if (event.key === 'Escape') isOpen.value = false;
      else if (event.key === 'Enter') {
        open(options[chosen.value]?.symbol ?? readSymbol(text.value));
      } else return;
      event.preventDefault();
    },
  };
}

/** Searches when typing pauses; finds nothing for a text that is no symbol. */
function useFound(text: Signal<string>): Found {
  const wanted = useSignal('');
  const typed = text.value.trim();
  useEffect(() => {
    const timer = setTimeout(() => (wanted.value = typed), WAIT_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const isSymbol = checkSymbol(wanted.value) === undefined;
  const { value } = useLoaded<SymbolList>(isSymbol ? '/symbols' : undefined, { q: wanted.value });
  return isSymbol ? (value?.symbols.slice(0, SHOWN_MAX) ?? []) : [];
}

/** A hook that knows when the user last moved the pointer, pressed a key or scrolled. */
import type { ReadonlySignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

const INPUTS = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchmove'] as const;

/** Opening the page counts as an input. */
export function useLastInput(now: ReadonlySignal<number>): RefObject<number> {
  const at = useRef(now.peek());
  useEffect(() => {
    const note = (): void => {
      at.current = now.peek();
    };
    for (const input of INPUTS) addEventListener(input, note, { passive: true });
    return () => {
      for (const input of INPUTS) removeEventListener(input, note);
    };
  }, []);
  return at;
}

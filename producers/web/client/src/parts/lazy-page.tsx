/** A page whose code is a file of its own, which the browser loads when the page is first opened. */
import { useSignal } from '@preact/signals';
import type { FunctionComponent, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { LoadAnew } from './load-anew.tsx';

type Load<Props> = () => Promise<FunctionComponent<Props>>;

/** Returns a component that stands for the loaded one, and says so if it could not be loaded. */
export function lazyPage<Props extends object>(load: Load<Props>): FunctionComponent<Props> {
  let loaded: FunctionComponent<Props> | undefined;
  return function Lazy(props: Props): JSX.Element {
    const state = useSignal<'loading' | 'loaded' | 'missing'>(loaded ? 'loaded' : 'loading');
    useEffect(() => {
      if (loaded !== undefined) return;
      load().then(
        (page) => {
          loaded = page;
          state.value = 'loaded';
        },
        () => (state.value = 'missing'),
      );
    }, []);
    if (state.value === 'missing') return <LoadAnew what="This page" />;
    const Page = loaded;
    return Page === undefined ? <p class="quiet">Loading …</p> : <Page {...props} />;
  };
}

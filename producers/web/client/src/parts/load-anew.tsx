/**
 * Stands for a part whose file could not be loaded: the network is down, or the server was updated and has
 * other files now.
 */
import type { JSX } from 'preact';

export const LoadAnew = ({ what }: { readonly what: string }): JSX.Element => (
  <div class="load-anew">
    <p class="quiet">{what} could not be loaded.</p>
    <button class="button compact" type="button" onClick={() => location.reload()}>
      Load the page anew
    </button>
  </div>
);

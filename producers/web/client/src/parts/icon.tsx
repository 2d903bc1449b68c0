/** Line icons in the colour of the text, and the spinner. */
import type { JSX } from 'preact';

const PATHS = {
  trade: 'M3 17l5-6 4 3 8-9M15 5h5v5',
  portfolio: 'M12 3a9 9 0 1 0 9 9h-9zM16 3.5A9 9 0 0 1 20.5 8H16z',
  triggers: 'M12 3v4M12 17v4M3 12h4M17 12h4M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  history: 'M4 5v5h5M4.5 10A8 8 0 1 1 4 13M12 8v5l3 2',
  admin: 'M12 3l7 3v5c0 4.500-3 8-7 10-4-2-7-5.500-7-10V6zM9 12l2 2 4-4',
  inbox: 'M6 17h12l-1.500-2V10a4.500 4.500 0 0 0-9 0v5zM10.500 20h3',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4',
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 12l5 5 9-10',
  warn: 'M12 4l9 16H3zM12 10v4M12 17v.5',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8v.5',
  refresh: 'M20 5v5h-5M19.500 10A8 8 0 1 0 20 13',
  download: 'M12 4v11M7 11l5 5 5-5M4 20h16',
  link: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  star: 'M12 4l2.400 5 5.600.700-4.100 3.800 1.100 5.500-5-2.800-5 2.800 1.100-5.500L4 9.700 9.600 9z',
  plus: 'M12 5v14M5 12h14',
  mark: 'M4 18l6-8 5 4 6-9',
} as const;

export type IconName = keyof typeof PATHS;

export const Icon = ({ name }: { readonly name: IconName }): JSX.Element => (
  <svg
    class="icon"
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.9"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <path d={PATHS[name]} />
  </svg>
);

/** Turns while something is under way. */
export const Spinner = (): JSX.Element => <span class="spinner" aria-hidden="true" />;

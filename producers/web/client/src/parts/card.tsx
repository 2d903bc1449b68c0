/** A titled part of a page. */
import type { ComponentChildren, JSX } from 'preact';

type CardProps = {
  readonly title?: string;
  readonly action?: ComponentChildren;
  readonly flush?: boolean;
  readonly children: ComponentChildren;
};

export const Card = ({ title, action, flush, children }: CardProps): JSX.Element => (
  <section class={`card ${flush === true ? 'flush' : ''}`} aria-label={title}>
    {title !== undefined && (
      <div class="card-head">
        <h2>{title}</h2>
        {action}
      </div>
    )}
    {children}
  </section>
);

type EmptyProps = { readonly title: string; readonly children?: ComponentChildren };

/** The text of an empty list: why it is empty, and what to do. */
export const Empty = ({ title, children }: EmptyProps): JSX.Element => (
  <div class="empty">
    <p class="strong">{title}</p>
    {children !== undefined && <p class="quiet">{children}</p>}
  </div>
);

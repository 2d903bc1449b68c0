/** What every page has: its title, in the tab too, and the focus when it is come to. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

type PageProps = {
  readonly title: string;
  readonly action?: ComponentChildren;
  readonly children: ComponentChildren;
};

export function Page({ title, action, children }: PageProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · daytrade`;
    // So that a screen reader says where one is now.
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <>
      <div class="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {action}
      </div>
      {children}
    </>
  );
}

/** The common parts of a page: its title, which is also that of the tab, and the initial focus. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

type PageProps = {
  readonly title: string;
  /** The stock or section that the page shows. The title of the tab begins with it. */
  readonly part?: string | undefined;
  readonly action?: ComponentChildren;
  readonly children: ComponentChildren;
};

export function Page({ title, part, action, children }: PageProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Makes a screen reader announce the new page.
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  useEffect(() => {
    document.title = [part, title, 'daytrade'].filter((each) => each !== undefined).join(' · ');
  }, [title, part]);
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

/**
 * Names of a page's objects, which playwright's types speak of. Tests work from outside the page:
 * with the whole of `lib.dom` every process here would seem to have a window.
 */
type Node = object;
type HTMLElement = Node;
type SVGElement = Node;
type HTMLElementTagNameMap = Record<string, HTMLElement>;

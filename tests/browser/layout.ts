/** The faults of a page's layout: it scrolls sideways, hides a control, or breaks an amount over two lines. */
import type { Page } from 'playwright-core';

/** A control is hidden where the page or a box that cuts its content ends; a box that scrolls hides none. */
const FAULTS = `(() => {
  const faults = [];
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide > 0) faults.push('the page is ' + wide + ' px too wide');
  const nameOf = (element) => element.tagName.toLowerCase() + ' ' +
    (element.getAttribute('aria-label') ?? element.textContent.trim()).slice(0, 40);
  const isSeen = (element) => element.checkVisibility({ visibilityProperty: true })
    && !element.closest('.unseen, .skip');
  for (const control of document.querySelectorAll('a, button, input, select, [tabindex="0"]')) {
    if (!isSeen(control)) continue;
    const { left, right } = control.getBoundingClientRect();
    let [from, to] = [0, innerWidth];
    for (let box = control.parentElement; box !== null; box = box.parentElement) {
      const { overflowX } = getComputedStyle(box);
      if (overflowX === 'auto' || overflowX === 'scroll') { from = -Infinity; to = Infinity; break; }
      if (overflowX === 'visible') continue;
      const edge = box.getBoundingClientRect();
      from = Math.max(from, edge.left);
      to = Math.min(to, edge.right);
    }
    if (left < from - 1 || right > to + 1) faults.push(nameOf(control) + ' is cut off');
  }
  for (const text of document.querySelectorAll('main :is(td, th, dd, dt, p, h1, h2, span, code)')) {
    if (!isSeen(text) || text.closest('.card.flush, .scroll, .ring')) continue;
    const { right } = text.getBoundingClientRect();
    if (right > innerWidth + 1) faults.push(nameOf(text) + ' runs off the page');
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    for (const { 0: amount, index } of text.data.matchAll(/[−+]?[$][\\d,]+[.]\\d\\d/g)) {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + amount.length);
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
      if (lines.size > 1) faults.push(amount + ' is on ' + lines.size + ' lines');
    }
  }
  return faults;
})()`;

/** Returns a line for each fault. */
export const layoutFaults = (page: Page): Promise<readonly string[]> =>
  page.evaluate<readonly string[]>(FAULTS);

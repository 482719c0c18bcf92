/**
 * Keeps the focus from falling to the body: where what has it is disabled or hidden, whatever the reason, it goes to the part of the
 * page which that stands in.
 */
export function keepFocus(): void {
  let focused: readonly Element[] = [];
  document.addEventListener('focusin', ({ target }) => {
    focused = target instanceof Element ? withAncestors(target) : [];
  });
  // Who leaves something of their own accord wants nothing else to have the focus.
  document.addEventListener('focusout', ({ target }) => {
    if (target instanceof Element && isUsable(target)) focused = [];
  });
  new MutationObserver(() => {
    const [element, ...around] = focused;
    const { activeElement } = document;
    if (!element || isUsable(element) || (activeElement !== element && activeElement !== document.body)) return;
    const heir = around.find((one) => one.matches('article, section, aside, main') && isUsable(one));
    if (!(heir instanceof HTMLElement)) return;
    heir.tabIndex = -1;
    heir.focus({ preventScroll: true });
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['disabled', 'hidden'] });
}

function withAncestors(element: Element): Element[] {
  return element.parentElement ? [element, ...withAncestors(element.parentElement)] : [element];
}

function isUsable(element: Element): boolean {
  return element.checkVisibility() && !element.matches(':disabled');
}

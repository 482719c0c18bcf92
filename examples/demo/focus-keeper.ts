/**
 * Keeps the focus from falling to the body: where what has it is disabled or hidden, whatever the reason, it goes to the part of the
 * page which that stands in.
 */
export function keepFocus(): void {
  let focused: readonly Element[] = [];
  document.addEventListener('focusin', ({ target }) => {
    focused = target instanceof Element ? withAncestors(target) : [];
  });
  // Browsers take the focus away at the next frame; what observes a change comes before that.
  new MutationObserver(() => {
    const [element, ...around] = focused;
    if (!element || document.activeElement !== element || isUsable(element)) return;
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

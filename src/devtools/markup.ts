/** Markup in which everything that was filled in is text. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Filling = string | number | Markup | readonly Markup[];

/** Makes markup of a template. What is filled in is escaped, whatever is in it: recordings come from anywhere. */
export function markup(strings: TemplateStringsArray, ...fillings: readonly Filling[]): Markup {
  return new Markup(String.raw({ raw: strings }, ...fillings.map(filled)));
}

function filled(filling: unknown): string {
  if (filling instanceof Markup) return filling.text;
  if (Array.isArray(filling)) return filling.map(filled).join('');
  if (typeof filling === 'number') return String(Math.round(filling * 100) / 100);
  return String(filling).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Shows markup in an element, which it need not do where the same is there already. */
export function show(element: Element, { text }: Markup): void {
  if (shown.get(element) !== text) element.innerHTML = text;
  shown.set(element, text);
}

const shown = new WeakMap<Element, string>();

/** The element of a fixed part of a template. */
export function part<Type extends Element = HTMLElement>(root: ParentNode, selector: string): Type {
  const found = root.querySelector<Type>(selector);
  if (!found) throw new Error(`There is no ${selector}.`);
  return found;
}

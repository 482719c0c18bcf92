import { styleText } from 'node:util';
import type { Environment } from '../dev-backend/index.js';

type Style = Parameters<typeof styleText>[0];

/** Gives a text a style, where the reader can see one. */
export type Paint = (style: Style, text: string) => string;

/**
 * Whether a stream shows colours, by the conventions that Node itself follows: `FORCE_COLOR` decides where it is set, `NO_COLOR`
 * (https://no-color.org) says no, and otherwise there has to be a terminal.
 */
export function showsColours({ isTTY }: { readonly isTTY?: boolean }, environment: Environment): boolean {
  const { FORCE_COLOR, NO_COLOR, TERM } = environment;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return !NO_COLOR && TERM !== 'dumb' && isTTY === true;
}

/** What paints, or leaves texts as they are. */
export function painter(colours: boolean): Paint {
  // Later versions of Node would look at the stream themselves, and always at standard output.
  return (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text);
}

import type { MarkShape, Tone } from './timeline.js';

/** One thing to draw, in pixels. `event` is its place in the recording, where one tells of it. */
export type Shape = { readonly event: number | null; readonly tone: Tone } & (
  | {
      readonly is: 'bar';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly label: string;
      /** Where the label begins: a bar that began before the view keeps its label in sight. */
      readonly labelX: number;
      readonly style: 'span' | 'gap' | 'lapse' | 'thin';
    }
  /** What falls from one point to another, down to a line. `plain` is what has been, `ahead` what is to come. */
  | {
      readonly is: 'wedge';
      readonly from: Point;
      readonly to: Point;
      readonly bottom: number;
      readonly style: 'plain' | 'ahead';
    }
  | {
      readonly is: 'mark';
      readonly x: number;
      readonly y: number;
      /** How far it reaches down to what it is about. */
      readonly stem: number;
      readonly style: MarkShape;
      /** Empty where there is no room. */
      readonly label: string;
      /** How many stand here. */
      readonly count: number;
    }
  /** From a request to its answer, or from a failure to the next try. */
  | {
      readonly is: 'line';
      readonly x: number;
      readonly to: number;
      readonly y: number;
      readonly style: 'took' | 'next';
    }
  /** Where something is planned. */
  | {
      readonly is: 'plan';
      readonly x: number;
      readonly y: number;
      readonly height: number;
      readonly label: string;
      readonly style: 'renewal';
    }
);

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A shape of one kind. */
export type ShapeOf<Is extends Shape['is']> = Extract<Shape, { is: Is }>;

const CHARACTER_WIDTH = 6.6;

/** About as wide as a text is drawn. */
export function textWidth(text: string): number {
  return text.length * CHARACTER_WIDTH;
}

/** As much of a text as has room, or nothing. */
export function fitted(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const room = Math.floor(width / CHARACTER_WIDTH) - 1;
  return room < 4 ? '' : `${text.slice(0, room).trimEnd()}…`;
}

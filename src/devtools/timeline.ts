/** How something stands: as it should, under way, wrong, let be, or not worth a colour. */
export type Tone = 'good' | 'busy' | 'bad' | 'calm' | 'quiet';

/** What a lane is about; lanes stand in this order. */
export const LANE_KINDS = [
  'state',
  'link',
  'token',
  'requests',
  'decisions',
  'channel',
  'subscription',
  'extra',
] as const;
export type LaneKind = (typeof LANE_KINDS)[number];

/** Something that lasts. Points in time are milliseconds since the epoch, by the session's clock. */
export interface Span {
  readonly from: number;
  /** Null: it goes on. */
  to: number | null;
  readonly tone: Tone;
  readonly label: string;
  /** The place in the recording of the event that tells of it; null where none does. */
  readonly event: number | null;
}

/** One token's life, from full to lapsed. */
export interface Wedge {
  /** When it was in hand, which is later than its life began. */
  readonly from: number;
  /** When another took its place, or nobody wanted it any more. */
  to: number | null;
  expiresAt: number;
  readonly lifetimeMs: number;
  /** When its renewal was planned last. */
  renewsAt: number | null;
  /** When the SDK called it lapsed; it may know better than our clock. */
  lapsedAt: number | null;
  denied: boolean;
  readonly event: number;
}

export type MarkShape = 'dot' | 'ring' | 'diamond' | 'flag' | 'cross' | 'tick';

/** Something that happens at one moment. */
export interface Mark {
  readonly at: number;
  /** Since when it was under way; the moment itself where that is not known. */
  readonly since: number;
  /** When what it led to is to happen; null where nothing follows. */
  nextAt: number | null;
  readonly shape: MarkShape;
  readonly tone: Tone;
  label: string;
  readonly event: number | null;
}

/** What a mark or a span says of its event. */
export type Said = Pick<Mark, 'label' | 'tone' | 'shape'> & { readonly event: number };

/** A time in which something may have been missed. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly event: number;
}

/** One line of the picture. What it holds is sorted by time. */
export interface Lane {
  readonly id: string;
  readonly kind: LaneKind;
  readonly title: string;
  readonly spans: Span[];
  readonly wedges: Wedge[];
  readonly marks: Mark[];
  readonly gaps: Gap[];
}

/** Everything that a panel draws. */
export interface Timeline {
  readonly lanes: readonly Lane[];
  /** When the first thing happened; null where nothing has. */
  readonly from: number | null;
}

/** A lane with nothing in it. A host page makes its own out of it. */
export function emptyLane(kind: LaneKind, title: string, id: string = `${kind} ${title}`): Lane {
  return { id, kind, title, spans: [], wedges: [], marks: [], gaps: [] };
}

/** A mark of which only a part is said. */
export function markAt(
  at: number,
  {
    since = at,
    nextAt = null,
    ...mark
  }: Omit<Mark, 'at' | 'since' | 'nextAt'> & Partial<Pick<Mark, 'since' | 'nextAt'>>,
): Mark {
  return { at, since, nextAt, ...mark };
}

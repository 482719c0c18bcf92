import type { World } from '../world/world.js';

/** A moment of the story. */
export interface Moment {
  /** Seconds of the world's time since the story's beginning. */
  readonly at: number;
  /** Seconds of the world's for one of the visitor's, from here on. */
  readonly pace: number;
  /** What the visitor is told; it holds until the next moment that says something. */
  readonly says?: string;
  /** What is done to the world. */
  readonly does?: (world: World) => void;
  /** Whether it belongs to a world of the visitor's own too. */
  readonly setsUp?: true;
}

/**
 * One minute of a visitor's, two of the world's: two pages with tokens of 60 seconds, a token server that goes down for longer than a
 * token lives, and what comes of it.
 */
export const STORY: readonly Moment[] = [
  {
    at: 0,
    pace: 1,
    says: 'Two pages log in with tokens that live 60 seconds. Alice’s uses agora-session, carol’s was written by hand after the guide.',
    does: (world) => world.begin(),
    setsUp: true,
  },
  {
    at: 3,
    pace: 1,
    says: 'Alice joins a stream channel too. It needs a token of its own, which the session fetches and keeps fresh.',
    does: (world) => void world.joinStage().catch(() => {}),
    setsUp: true,
  },
  { at: 8, pace: 4, says: 'Bob talks in the lobby. Both hear every word.' },
  {
    at: 27,
    pace: 1.5,
    says: 'Time to renew. Alice’s session does it on schedule; carol’s page waits for the SDK’s warning, 30 seconds before the end.',
  },
  { at: 34, pace: 4, says: 'Both have fresh tokens. So far it makes no difference who wrote the page.' },
  { at: 48, pace: 1, says: 'The token server goes down.', does: (world) => world.setServer('down') },
  { at: 51, pace: 2.4, says: 'Nobody notices yet: the tokens in use are good for a while.' },
  {
    at: 58.4,
    pace: 1.5,
    says: 'Both ask for the next token and get a 503. Alice’s session tries again, and again. Carol’s page logs an error, and that was its only try.',
  },
  { at: 67, pace: 4, says: 'A token falls towards its end, and the server is still down.' },
  { at: 86, pace: 1, says: 'Both tokens lapse. Signaling logs both users out: the link state is FAILED.' },
  {
    at: 92,
    pace: 2,
    says: 'What bob says now reaches neither. Alice’s session goes on asking. Carol’s page has stopped.',
  },
  { at: 100, pace: 0.6, says: 'The token server is repaired.', does: (world) => world.setServer('up') },
  {
    at: 102,
    pace: 1,
    says: 'Alice gets a token, logs in, is subscribed and on stage again, and fetches what she missed. Nobody had to do anything.',
  },
  { at: 110, pace: 2, says: 'Carol is still offline, and will be until she reloads the page.' },
  {
    at: 124,
    pace: 1,
    says: 'That is what agora-session is for: one failed request left carol offline for good, and alice came back by herself. Now make trouble yourself: keys 1 to 9.',
  },
];

/** The story's last moment: from here on the world is the visitor's. */
export const STORY_ENDS_AT: number = STORY.at(-1)?.at ?? 0;

/** The moments between two times, the first excluded and the second included. */
export function momentsBetween(from: number, to: number): readonly Moment[] {
  return STORY.filter(({ at }) => at > from && at <= to);
}

/** How long the story takes at its own pace, seconds of the visitor's. */
export function storySeconds(): number {
  return STORY.slice(0, -1).reduce((sum, { at, pace }, index) => sum + ((STORY[index + 1]?.at ?? at) - at) / pace, 0);
}

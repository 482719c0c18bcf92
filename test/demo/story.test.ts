import { beforeAll, describe, expect, it } from 'vitest';
import { Player } from '../../examples/demo/story/player.js';
import { STORY, STORY_ENDS_AT, storySeconds } from '../../examples/demo/story/story.js';
import { sessionWords } from '../../examples/demo/view/words.js';
import { BY_HAND_USER, World } from '../../examples/demo/world/world.js';

/** What there is to see at one moment. */
interface Sight {
  readonly seconds: number;
  readonly says: string;
  readonly alice: string;
  readonly carol: string;
  readonly stage: string;
  readonly server: string;
  readonly signalingHasAlice: boolean;
  readonly signalingHasCarol: boolean;
  readonly requests: { readonly alice: number; readonly carol: number };
  readonly refusals: { readonly alice: number; readonly carol: number };
  readonly renewals: number;
  readonly heard: { readonly alice: number; readonly carol: number };
  readonly said: number;
}

/** Plays the story to its end, and notes what there is to see ten times a second. */
async function watchStory(): Promise<{ world: World; player: Player; sights: Sight[]; playedMs: number }> {
  const world = new World();
  const player = new Player(world);
  const requests = { alice: 0, carol: 0 };
  const refusals = { alice: 0, carol: 0 };
  const heard = { alice: 0, carol: 0 };
  let renewals = 0;
  let said = 0;
  const pageOf = (place: string): 'alice' | 'carol' | null =>
    place === 'alice' ? 'alice' : place === 'byHand' ? 'carol' : null;
  world.traffic.watch(({ from, to, kind }) => {
    const [sender, receiver] = [pageOf(from), pageOf(to)];
    if (kind === 'request' && sender) requests[sender] += 1;
    if (kind === 'refusal' && receiver) refusals[receiver] += 1;
    if (kind === 'message' && receiver) heard[receiver] += 1;
    if (kind === 'message' && from === 'bob') said += 1;
  });
  world.alice.on('tokenRenewed', () => {
    renewals += 1;
  });
  const sights: Sight[] = [];
  let playedMs = 0;
  while (!player.isOver) {
    await player.frame(20);
    playedMs += 20;
    if (playedMs % 100 !== 0) continue;
    const has = (userId: string): boolean =>
      world.logins.some((one) => one.userId === userId && one.is !== 'not logged in');
    sights.push({
      seconds: player.seconds,
      says: player.says,
      alice: world.alice.state.status,
      carol: world.byHandState,
      stage: world.alice.snapshot.channels[0]?.state.status ?? 'none',
      server: world.server.state,
      signalingHasAlice: has('alice'),
      signalingHasCarol: has(BY_HAND_USER),
      requests: { ...requests },
      refusals: { ...refusals },
      renewals,
      heard: { ...heard },
      said,
    });
  }
  return { world, player, sights, playedMs };
}

/** The sentence of the story that begins so. */
function sentence(beginning: string): string {
  const found = STORY.find(({ says }) => says?.startsWith(beginning))?.says;
  if (!found) throw new Error(`The story has no sentence that begins with "${beginning}".`);
  return found;
}

describe('the story that the demo plays', () => {
  let story: Awaited<ReturnType<typeof watchStory>>;
  const during = (beginning: string): Sight[] => story.sights.filter(({ says }) => says === sentence(beginning));
  const end = (beginning: string): Sight => during(beginning).at(-1) as Sight;
  const start = (beginning: string): Sight => during(beginning)[0] as Sight;

  beforeAll(async () => {
    story = await watchStory();
  });

  it('takes about a minute of the visitor’s', () => {
    expect(storySeconds()).toBeGreaterThan(50);
    expect(storySeconds()).toBeLessThan(70);
    expect(Math.abs(story.playedMs / 1000 - storySeconds())).toBeLessThan(1);
    expect(story.player.seconds).toBeGreaterThanOrEqual(STORY_ENDS_AT);
  });

  it('says each sentence for long enough to be read', () => {
    for (const [index, { at, pace, says }] of STORY.slice(0, -1).entries()) {
      const shownFor = ((STORY[index + 1]?.at ?? at) - at) / pace;
      expect(shownFor, says).toBeGreaterThan(2.9);
    }
  });

  it('says what is so: the logins', () => {
    expect(end('Two pages log in')).toMatchObject({ alice: 'connected', carol: 'connected' });
    expect(start('Two pages log in').says).toContain('60 seconds');
    expect(end('Alice joins a stream channel')).toMatchObject({ stage: 'joined' });
  });

  it('says what is so: both hear every word', () => {
    const before = start('Bob talks');
    const after = end('Bob talks');
    expect(after.said - before.said).toBeGreaterThan(2);
    expect(after.heard.alice - before.heard.alice).toBe(after.heard.carol - before.heard.carol);
    // The last word may be on its way.
    expect(after.said - after.heard.alice).toBeLessThanOrEqual(1);
  });

  it('says what is so: both renew', () => {
    const before = start('Time to renew');
    const after = end('Time to renew');
    expect(after.requests.alice).toBeGreaterThan(before.requests.alice);
    expect(after.requests.carol).toBe(before.requests.carol + 1);
    expect(after.renewals).toBeGreaterThan(before.renewals);
    for (const sight of during('Both have fresh tokens')) {
      expect(sight).toMatchObject({ alice: 'connected', carol: 'connected', server: 'up' });
    }
  });

  it('says what is so: nobody notices yet', () => {
    const before = start('The token server goes down');
    for (const sight of [...during('The token server goes down'), ...during('Nobody notices yet')]) {
      expect(sight).toMatchObject({
        server: 'down',
        alice: 'connected',
        carol: 'connected',
        requests: before.requests,
      });
    }
  });

  it('says what is so: both get a 503, and only one tries again', () => {
    const after = end('Both ask for the next token');
    expect(after.refusals.alice).toBeGreaterThan(2);
    expect(after.refusals.carol).toBe(1);
    expect(end('A token falls').refusals.carol).toBe(1);
    expect(end('A token falls').refusals.alice).toBeGreaterThan(after.refusals.alice);
  });

  it('says what is so: both lapse', () => {
    expect(start('Both tokens lapse')).toMatchObject({ alice: 'connected', carol: 'connected' });
    expect(end('Both tokens lapse')).toMatchObject({
      alice: 'recovering',
      carol: 'logged out',
      signalingHasAlice: false,
      signalingHasCarol: false,
    });
    const [before, after] = [start('What bob says now'), end('What bob says now')];
    expect(after.said).toBeGreaterThan(before.said);
    expect(after.heard).toEqual(before.heard);
    expect(after.requests.alice).toBeGreaterThan(before.requests.alice);
    expect(after.requests.carol).toBe(before.requests.carol);
  });

  it('says what is so: one comes back, and the other never', () => {
    expect(start('The token server is repaired').server).toBe('up');
    expect(end('Alice gets a token')).toMatchObject({ alice: 'connected', stage: 'joined', carol: 'logged out' });
    for (const sight of during('Carol is still offline')) {
      expect(sight).toMatchObject({ alice: 'connected', signalingHasAlice: true, signalingHasCarol: false });
    }
  });

  it('ends with no avoidable second and no missed message for the session, and with both for the page by hand', () => {
    const { ours, theirs } = story.world;
    expect(ours.losses).toMatchObject({ avoidableMs: 0, missed: 0 });
    expect(ours.losses.offlineMs).toBeGreaterThan(5_000);
    expect(ours.losses.fetched).toBeGreaterThan(1);
    expect(theirs.losses.avoidableMs).toBeGreaterThan(10_000);
    expect(theirs.losses.missed).toBeGreaterThan(ours.losses.fetched);
  });

  it('leaves the page by hand offline for good', async () => {
    await story.player.advance(3_600_000);
    expect(story.world.byHandState).toBe('logged out');
    expect(sessionWords(story.world.alice.state)).toEqual({ mood: 'good', text: 'connected' });
  }, 60_000);

  it('is the same every time', async () => {
    const again = await watchStory();
    expect(again.sights).toEqual(story.sights);
  });
});

import { readFile, rm } from 'node:fs/promises';
import { readRecording } from 'agora-session/devtools';
import { beforeAll, expect, it } from 'vitest';
import { TimelineBuilder } from '../../src/devtools/timeline-builder.js';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { live } from '../support/session-life.js';
import { tellStory } from '../support/tell-story.js';
import { APP_CERTIFICATE, APP_ID } from '../support/tokens.js';

beforeAll(inflateAtOnce);

it('a story that fails leaves a recording that a panel shows, without a token', async () => {
  const told = tellStory({
    manners: 'fair',
    seed: 2 ** 31 - 1,
    check: async (story) => {
      const struck = await live(story);
      if (story.steps.some((step) => step.do === 'subscribe')) throw new Error('made to fail');
      return struck;
    },
  });
  const { message } = await told.then(
    () => new Error('It did not fail.'),
    (error: Error) => error,
  );
  expect(message).toMatch(/^STORY=fair:2147483647 fails: made to fail\nShortened: \{.*"subscribe"/);
  const [, file = ''] =
    /To watch it: npm run demo, then Open: (.*\/reports\/stories\/fair-2147483647\.json)$/.exec(message) ?? [];
  const text = await readFile(file, 'utf8');
  await rm(file);
  const { userId, events } = readRecording(text);
  expect(userId).toBe('alice');
  const timeline = new TimelineBuilder();
  for (const event of events) timeline.add(event);
  // At its end every story is mended, so that its session has logged in by then.
  expect(timeline.lanes.map(({ title }) => title)).toEqual(
    expect.arrayContaining(['state', 'SDK link', 'login token', 'requests']),
  );
  expect(timeline.lanes.find(({ title }) => title === 'login token')?.wedges.length).toBeGreaterThan(0);
  expect(text).not.toMatch(/00[67][A-Za-z0-9+/]{20}/);
  expect(text).not.toContain(APP_ID);
  expect(text).not.toContain(APP_CERTIFICATE);
});

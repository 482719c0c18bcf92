import { median } from './measure.js';
import type { Benchmark, Report } from './report.js';
import { LATENCY_MS, SYNTHETIC, SyntheticSession } from './synthetic/synthetic-session.js';

const PER_SECOND = 60;
const MINUTE_MS = 60_000;
const MESSAGES = (PER_SECOND * MINUTE_MS) / 1_000;
const MOST_RENEWAL_MS = 500;
/** A message that waits longer than its round trip and a frame of the screen is late, milliseconds. */
const MOST_MESSAGE_MS = LATENCY_MS + 16;

/** Messages of a game or a pointer, while all tokens are renewed. */
export const topicMessages: Benchmark = {
  title: `${PER_SECOND} topic messages a second for a minute, beside a renewal (${SYNTHETIC})`,
  async run(): Promise<Report> {
    const { tookMs, renewalMs } = await minuteOfMessages();
    const late = tookMs.filter((ms) => ms > MOST_MESSAGE_MS).length;
    const row = { sent: tookMs.length, late, 'median ms': median(tookMs), 'longest ms': Math.max(...tookMs) };
    return {
      rows: [{ messages: MESSAGES, ...row, 'renewal ms': renewalMs }],
      goals: [
        { text: 'all messages are sent', met: tookMs.length === MESSAGES },
        { text: 'none is late', met: late === 0 },
        { text: `the renewal takes less than ${MOST_RENEWAL_MS} ms`, met: renewalMs < MOST_RENEWAL_MS },
      ],
    };
  },
};

async function minuteOfMessages(): Promise<{ tookMs: number[]; renewalMs: number }> {
  const synthetic = await SyntheticSession.logIn({});
  const { scheduler, session } = synthetic;
  const stage = await synthetic.within(MINUTE_MS, session.joinStreamChannel('stage'));
  await synthetic.within(MINUTE_MS, stage.joinTopic('pointers'));
  const tookMs: number[] = [];
  const start = scheduler.elapsed;
  for (let nth = 0; nth < MESSAGES; nth += 1) {
    scheduler.at(start + (nth * 1_000) / PER_SECOND, async () => {
      tookMs.push(await synthetic.time(stage.publishTopicMessage('pointers', `${nth}`)));
    });
  }
  await scheduler.runUntil(start + MINUTE_MS / 2);
  const renewalMs = await synthetic.within(MINUTE_MS, synthetic.time(session.renewTokens()));
  return { tookMs: tookMs.map(Math.round), renewalMs };
}

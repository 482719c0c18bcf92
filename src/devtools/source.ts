import { browserClock, type PanelClock } from './browser-clock.js';
import { EventLog } from './event-log.js';
import { followSession, type InspectedSession } from './follow-session.js';
import type { SessionRecorder } from './recorder.js';
import { type Recording, recordingOf } from './recording.js';
import type { Replay } from './replay.js';

/** The session that is shown, with where its events come from and its clock. */
export interface Shown {
  readonly session: InspectedSession | null;
  readonly recorder: SessionRecorder | null;
  readonly clock: PanelClock;
}

/** What a panel shows: a session as it goes on, or a recording in its place. */
export class Source {
  replay: Replay | null = null;
  readonly #onNews: () => void;
  #shown: Shown = { session: null, recorder: null, clock: browserClock };
  #log = new EventLog();
  #isFollowing = false;
  #stops: readonly (() => void)[] = [];

  constructor(onNews: () => void) {
    this.#onNews = onNews;
  }

  get shown(): Shown {
    return this.#shown;
  }

  /** Shows something else. */
  show(change: Partial<Shown>): void {
    const before = this.#shown;
    this.#shown = { ...before, ...change };
    const { session, recorder } = this.#shown;
    if (session !== before.session || recorder !== before.recorder) {
      this.replay = null;
      this.#log = recorder?.log ?? new EventLog();
    }
    this.follow(this.#isFollowing);
  }

  /** A recording runs by the browser's, whatever the session has. */
  get clock(): PanelClock {
    return this.replay ? browserClock : this.#shown.clock;
  }

  get log(): EventLog {
    return this.replay?.log ?? this.#log;
  }

  get now(): number {
    return this.replay?.now ?? this.#shown.clock.now();
  }

  get userId(): string {
    return (this.replay ? this.replay.recording : this.#shown.session)?.userId ?? '';
  }

  get recording(): Recording {
    return this.replay?.recording ?? recordingOf(this.#log.events, { userId: this.userId, until: this.now });
  }

  /** Listens to the session, or no more. */
  follow(isFollowing: boolean): void {
    this.#isFollowing = isFollowing;
    for (const stop of this.#stops) stop();
    const log = this.#log;
    const { session, recorder, clock } = this.#shown;
    const options = { log, now: () => clock.now(), pollBy: recorder ? null : clock };
    this.#stops = isFollowing ? [log.subscribe(this.#onNews)] : [];
    if (isFollowing && session) this.#stops = [...this.#stops, followSession(session, options)];
    this.#onNews();
  }
}

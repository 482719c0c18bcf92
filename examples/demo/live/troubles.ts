import type { SessionSnapshot } from 'agora-session';
import type { ControlAction } from '../../../src/dev-backend/index.js';

/** Something that the page can have done to its user, to see what the session makes of it. */
export interface Trouble {
  readonly start: ControlAction;
  /** What the log says when it was started. */
  readonly started: string;
  /** How it ends, for a trouble that lasts. */
  readonly end?: ControlAction;
  readonly ended?: string;
  readonly channelName?: string;
  /** When it makes sense to start it. Default: always. */
  readonly needs?: (snapshot: SessionSnapshot) => boolean;
}

const connected = ({ state }: SessionSnapshot): boolean => state.status === 'connected';
const onStage = ({ state, channels }: SessionSnapshot): boolean =>
  state.status === 'connected' && channels.some((channel) => channel.state.status === 'joined');

/** By the ID of the button. */
export const TROUBLES: Readonly<Record<string, Trouble>> = {
  'expire-login': {
    start: 'expire-token',
    started: 'You let the login token expire.',
    needs: connected,
  },
  'expire-stage': {
    start: 'expire-token',
    channelName: 'stage',
    started: 'You let the stage token expire.',
    needs: onStage,
  },
  'tokens-down': {
    start: 'tokens-down',
    started: 'You took the token server down.',
    end: 'tokens-up',
    ended: 'You brought the token server back.',
  },
  'deny-tokens': {
    start: 'deny-tokens',
    started: 'You had the token server deny this user.',
    end: 'allow-tokens',
    ended: 'You had the token server allow this user again.',
  },
  'cut-network': {
    start: 'cut-network',
    started: 'You cut the network. The SDK notices by a heartbeat that stays out.',
    end: 'restore-network',
    ended: 'You restored the network.',
    needs: connected,
  },
  'login-elsewhere': {
    start: 'login-elsewhere',
    started: 'You logged in elsewhere as the same user.',
    needs: connected,
  },
};

/** What ends the troubles that last. */
export const REMEDIES: readonly ControlAction[] = Object.values(TROUBLES).flatMap(({ end }) => (end ? [end] : []));

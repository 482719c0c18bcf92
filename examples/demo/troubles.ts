import { STAGE, type World } from './world/world.js';

/** Something that can be done to both pages. */
export interface Trouble {
  /** As the page's address names it. */
  readonly name: string;
  readonly label: string;
  /** What is said when it was done; it stays, so it must stay true. */
  readonly done: string;
  /** The lines of an app's code that deal with it. */
  readonly code: string;
  /** What there must be for it to change anything. Default: nothing. */
  readonly needs?: { isThere(world: World): boolean; readonly otherwise: string };
  begin(world: World): void;
  /** For one that lasts until it is ended. */
  readonly lasts?: {
    /** Whether it is on. */
    isOn(world: World): boolean;
    end(world: World): void;
    readonly ended: string;
  };
}

const isAnyoneIn = ({ logins }: World): boolean =>
  logins.some(({ userId, is }) => userId !== 'bob' && is !== 'not logged in');
const isAliceOnStage = ({ alice }: World): boolean =>
  alice.snapshot.channels.some(({ channelName, state }) => channelName === STAGE && state.status === 'joined');

/** In the order of their keys. */
export const TROUBLES: readonly Trouble[] = [
  {
    name: 'expire-login',
    label: 'Expire the logins',
    done: 'You let both login tokens lapse.',
    code: 'none',
    needs: { isThere: isAnyoneIn, otherwise: 'Nobody was logged in, so nothing lapsed.' },
    begin: (world) => world.expireLogins(),
  },
  {
    name: 'expire-stage',
    label: 'Expire the stage',
    done: 'You let alice’s token for the stage lapse, and left her login alone.',
    code: 'none',
    needs: { isThere: isAliceOnStage, otherwise: 'Alice was not on stage, so nothing lapsed.' },
    begin: (world) => world.expireStage(),
  },
  {
    name: 'tokens-down',
    label: 'Token server down',
    done: 'You took the token server down: its answer became 503.',
    code: 'none',
    begin: (world) => world.setServer('down'),
    lasts: {
      isOn: (world) => world.server.state === 'down',
      end: (world) => world.setServer('up'),
      ended: 'You repaired the token server.',
    },
  },
  {
    name: 'deny',
    label: 'Deny tokens',
    done: 'You had the token server deny both users: its answer became 403.',
    code: 'none while they are denied, one button that calls login() once a login has ended',
    begin: (world) => world.setServer('denying'),
    lasts: {
      isOn: (world) => world.server.state === 'denying',
      end: (world) => world.setServer('up'),
      ended: 'You had the token server give both users tokens again.',
    },
  },
  {
    name: 'cut-network',
    label: 'Cut the network',
    done: 'You cut the network. Nobody was told; the SDK finds out by itself.',
    code: 'none',
    begin: (world) => world.setNetwork(false),
    lasts: {
      isOn: (world) => !world.isNetworkUp,
      end: (world) => world.setNetwork(true),
      ended: 'You mended the network.',
    },
  },
  {
    name: 'elsewhere',
    label: 'Log in elsewhere',
    done: 'You logged in on another device as the same users, which ended their logins here.',
    code: 'one button that calls login(), since only the user can say who is to stay',
    needs: { isThere: isAnyoneIn, otherwise: 'Nobody was logged in here, so nothing ended.' },
    begin: (world) => world.loginElsewhere(),
  },
  {
    name: 'sleep',
    label: 'Close the laptops',
    done: 'You closed both laptops. Time goes on without them; at ×30 ten minutes take 20 seconds.',
    code: 'none',
    begin: (world) => world.sleep(true),
    lasts: {
      isOn: (world) => world.machines.some(({ isAsleep }) => isAsleep),
      end: (world) => world.sleep(false),
      ended: 'You opened both laptops.',
    },
  },
  {
    name: 'hidden-tab',
    label: 'Hide the tabs',
    done: 'You hid both pages. Browsers let the timers of a hidden page fire once a minute.',
    code: 'none',
    begin: (world) => world.hide(true),
    lasts: {
      isOn: (world) => world.machines.some(({ isHidden }) => isHidden),
      end: (world) => world.hide(false),
      ended: 'You brought both pages to the front.',
    },
  },
  {
    name: 'signaling-down',
    label: 'Stop Signaling',
    done: 'You stopped Signaling: nobody can reach it, bob neither.',
    code: 'none',
    begin: (world) => world.setSignaling(false),
    lasts: {
      isOn: (world) => !world.isSignalingUp,
      end: (world) => world.setSignaling(true),
      ended: 'You started Signaling again.',
    },
  },
];

/** Begins a trouble, or ends one that is on; tells what was done. */
export function makeTrouble({ begin, lasts, needs, done, code }: Trouble, world: World): string {
  if (lasts?.isOn(world)) {
    lasts.end(world);
    return lasts.ended;
  }
  if (needs && !needs.isThere(world)) return needs.otherwise;
  begin(world);
  return `${done} Lines of code for it: ${code}.`;
}

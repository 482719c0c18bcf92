import type { World } from './world/world.js';

/** Something that can be done to both pages. */
export interface Trouble {
  /** As the page's address names it. */
  readonly name: string;
  readonly label: string;
  /** What is said when it was done. */
  readonly done: string;
  begin(world: World): void;
  /** For one that lasts until it is ended. */
  readonly lasts?: {
    /** Whether it is on. */
    isOn(world: World): boolean;
    end(world: World): void;
    readonly ended: string;
  };
}

/** In the order of their keys. */
export const TROUBLES: readonly Trouble[] = [
  {
    name: 'expire-login',
    label: 'Expire the logins',
    done: 'The login tokens of both have lapsed this moment.',
    begin: (world) => world.expireLogins(),
  },
  {
    name: 'expire-stage',
    label: 'Expire the stage',
    done: 'Alice’s token for the stage has lapsed this moment. Her login is untouched.',
    begin: (world) => world.expireStage(),
  },
  {
    name: 'tokens-down',
    label: 'Token server down',
    done: 'The token server answers 503.',
    begin: (world) => world.setServer('down'),
    lasts: {
      isOn: (world) => world.server.state === 'down',
      end: (world) => world.setServer('up'),
      ended: 'The token server is up again.',
    },
  },
  {
    name: 'deny',
    label: 'Deny tokens',
    done: 'The token server answers 403: these users get no tokens.',
    begin: (world) => world.setServer('denying'),
    lasts: {
      isOn: (world) => world.server.state === 'denying',
      end: (world) => world.setServer('up'),
      ended: 'The token server gives these users tokens again.',
    },
  },
  {
    name: 'cut-network',
    label: 'Cut the network',
    done: 'Nothing gets through any more, and nobody is told.',
    begin: (world) => world.setNetwork(false),
    lasts: {
      isOn: (world) => !world.isNetworkUp,
      end: (world) => world.setNetwork(true),
      ended: 'The network is whole again.',
    },
  },
  {
    name: 'elsewhere',
    label: 'Log in elsewhere',
    done: 'Both users logged in on another device, which ends their logins here.',
    begin: (world) => world.loginElsewhere(),
  },
  {
    name: 'sleep',
    label: 'Close the laptops',
    done: 'Both computers sleep. Time goes on without them; choose ×30 and open them in ten minutes.',
    begin: (world) => world.sleep(true),
    lasts: {
      isOn: (world) => world.machines.some(({ isAsleep }) => isAsleep),
      end: (world) => world.sleep(false),
      ended: 'Both computers are awake again.',
    },
  },
  {
    name: 'hidden-tab',
    label: 'Hide the tabs',
    done: 'Both pages are hidden: their timers fire once a minute, as browsers have it.',
    begin: (world) => world.hide(true),
    lasts: {
      isOn: (world) => world.machines.some(({ isHidden }) => isHidden),
      end: (world) => world.hide(false),
      ended: 'Both pages are in front again.',
    },
  },
];

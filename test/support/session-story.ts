import type { CallFault, EventFaults, FaultOperation, LinkReturn, StreamReturn } from 'agora-session/emulator';
import fc from 'fast-check';
import type { Fault } from './world.js';

/** How a story's SDK behaves: `fair` ones are slow, refuse and lose answers; `evil` ones hang, throw, answer oddly and lose events. */
export type Manners = 'fair' | 'evil';

export type ChannelName = (typeof CHANNELS)[number];

/** A call of the app's. Options are numbers, so that two calls may want the same or something else. */
export type AppCall =
  | { readonly do: 'login'; readonly timeoutMs: number; readonly abort: boolean }
  | { readonly do: 'logout' | 'renew' }
  | { readonly do: 'subscribe' | 'join'; readonly name: ChannelName; readonly options: 0 | 1; readonly abort: boolean }
  | { readonly do: 'unsubscribe' | 'leave' | 'publish'; readonly name: ChannelName }
  | { readonly do: 'joinTopic' | 'leaveTopic' | 'hear' | 'unhear' | 'publishTopic'; readonly name: ChannelName };

/** One thing that happens to a session. */
export type Step =
  | AppCall
  | { readonly do: 'advance' | 'sleep'; readonly ms: number }
  | { readonly do: 'react'; readonly to: ReactedEvent; readonly with: AppCall }
  | { readonly do: 'cut' | 'rival' | 'expire' }
  | { readonly do: 'restore'; readonly returns: LinkReturn }
  | { readonly do: 'server'; readonly mode: keyof typeof SERVER_MODES }
  | { readonly do: 'kick'; readonly reasonCode: string }
  | { readonly do: 'expireChannel' | 'loseStream' | 'appLeaves'; readonly name: ChannelName }
  | { readonly do: 'restoreStream'; readonly name: ChannelName; readonly how: StreamReturn }
  | { readonly do: 'failStream'; readonly name: ChannelName; readonly reasonCode: string }
  | { readonly do: 'publisher'; readonly name: ChannelName; readonly there: boolean }
  | { readonly do: 'order'; readonly operation: FaultOperation; readonly fault: CallFault }
  | { readonly do: 'events'; readonly faults: EventFaults | null };

/** A life in the session's life. */
export interface Story {
  readonly manners: Manners;
  readonly lifeSeconds: number;
  readonly latencyMs: readonly [number, number];
  /** From which the emulator's chance is drawn. */
  readonly chance: number;
  readonly steps: readonly Step[];
}

/** Events in whose listeners an app may call the session. */
export type ReactedEvent = 'state' | 'channel' | 'subscription' | 'tokenRenewed' | 'tokenError' | 'restored';

const CHANNELS = ['stage', 'vault', 'constructor'] as const;
/** The topic that is joined and heard in stories, and who may publish in it. */
export const TOPIC = 'talk';

/** What the token server may do. */
export const SERVER_MODES: Readonly<
  Record<'good' | 'down' | 'missing' | 'denying' | 'hanging' | 'page' | 'offline', Fault>
> = {
  good: null,
  down: () => new Response(null, { status: 503 }),
  missing: () => new Response(null, { status: 404 }),
  denying: () => new Response(null, { status: 403 }),
  hanging: () => new Promise<Response>(() => {}),
  page: () => new Response('<!doctype html>'),
  offline: () => Promise.reject(new TypeError('fetch failed')),
};

const name = fc.constantFrom(...CHANNELS);
/** Most things happen in few places, so that they meet. */
const place = fc.oneof({ weight: 3, arbitrary: fc.constant<ChannelName>('stage') }, { weight: 1, arbitrary: name });
const options = fc.constantFrom<0 | 1>(0, 0, 1);
const rarely = fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });

const appCall: fc.Arbitrary<AppCall> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('login' as const),
      timeoutMs: fc.constantFrom(1_000, 30_000),
      abort: rarely,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('logout' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('renew' as const) }) },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constantFrom('subscribe' as const, 'join' as const),
      name: place,
      options,
      abort: rarely,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom('unsubscribe' as const, 'leave' as const), name: place }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('publish' as const), name: place }) },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'joinTopic' as const,
        'leaveTopic' as const,
        'hear' as const,
        'unhear' as const,
        'publishTopic' as const,
      ),
      name: place,
    }),
  },
);

const OPERATIONS: readonly FaultOperation[] = [
  'login',
  'logout',
  'renewToken',
  'subscribe',
  'unsubscribe',
  'join',
  'leave',
  'joinTopic',
  'leaveTopic',
  'subscribeTopic',
  'unsubscribeTopic',
  'publish',
  'publishTopicMessage',
];
const CODES = [-10005, -10009, -10011, -10017, -10021, -10023, -10025, -10026, -11001, -11005, -11007, -11020, -11033];
/** An SDK that carries out what it calls impossible for good, or says it has not even sent, cannot be told from others. */
const UNSENT: readonly number[] = [-11005, -10021, -11020];
const code = fc.constantFrom(...CODES);
const seconds = fc.constantFrom(40, 900, 4_000, 12_000, 25_000, 45_000);
const fairFault: fc.Arbitrary<CallFault> = fc.oneof(
  fc.record({ kind: fc.constant('slow' as const), ms: seconds }),
  fc.record({ kind: fc.constant('lost' as const) }),
  fc.record({
    kind: fc.constant('lost' as const),
    code: fc.constantFrom(...CODES.filter((one) => !UNSENT.includes(one))),
  }),
  fc.record({ kind: fc.constant('late' as const), ms: seconds }),
  fc.record({ kind: fc.constant('lateEffect' as const), ms: seconds, answers: fc.boolean() }),
  fc.record({ kind: fc.constant('refuse' as const), code, afterMs: fc.constantFrom(0, 0, 40, 4_000) }),
);
const evilFault: fc.Arbitrary<CallFault> = fc.oneof(
  fc.record({ kind: fc.constant('hang' as const) }),
  fc.record({ kind: fc.constant('throw' as const) }),
  fc.record({ kind: fc.constant('throw' as const), code }),
  fc.record({
    kind: fc.constant('odd' as const),
    value: fc.constantFrom(
      'noPromise' as const,
      'resolvesUndefined' as const,
      'rejectsUndefined' as const,
      'rejectsString' as const,
      'rejectsPlainObject' as const,
    ),
    takesEffect: fc.boolean(),
  }),
);
const fairEvents: fc.Arbitrary<EventFaults | null> = fc.constantFrom<EventFaults | null>(
  null,
  { delayMs: [0, 120] },
  { delayMs: [0, 120], twice: 0.3 },
  { twice: 0.5 },
);
const evilEvents: fc.Arbitrary<EventFaults | null> = fc.constantFrom<EventFaults | null>(
  { delayMs: [0, 3_000], twice: 0.3, reorder: true },
  { lose: 0.2 },
  { lose: 0.1, delayMs: [0, 400], twice: 0.2 },
);
const REASONS = [
  'TOKEN_EXPIRED',
  'INVALID_TOKEN',
  'UNKNOWN',
  'CONNECTION_ERROR',
  'LOGIN_TOO_FREQUENT',
  'SAME_UID_LOGIN',
  'KICKED_OUT_BY_SERVER',
];

const time: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      ms: fc.constantFrom(1, 1, 20, 60, 150, 900, 5_000, 12_000, 31_000, 130_000, 900_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('sleep' as const), ms: fc.constantFrom(20_000, 600_000, 7_200_000) }),
  },
);

const outside: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('cut' as const, 'cut' as const, 'expire' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rival' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('restore' as const),
      returns: fc.constantFrom<LinkReturn>('resumed', 'emptied', { lost: ['stage'] }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('server' as const),
      mode: fc.constantFrom(...(Object.keys(SERVER_MODES) as (keyof typeof SERVER_MODES)[]), 'good' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('kick' as const), reasonCode: fc.constantFrom(...REASONS) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('expireChannel' as const, 'loseStream' as const, 'appLeaves' as const),
      name: place,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('restoreStream' as const),
      name: place,
      how: fc.constantFrom<StreamReturn>('resumed', 'emptied', 'failed', 'left'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('failStream' as const),
      name: place,
      reasonCode: fc.constantFrom(...REASONS),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('publisher' as const), name: place, there: fc.boolean() }) },
);

/**
 * That there is nothing to leave, said where there is, is believed: it is what ends an undo. So it is after a join that was carried out
 * and called refused, or after the SDK gave it up, since the SDK knows no better.
 */
function isLie({ operation, fault }: { operation: FaultOperation; fault: CallFault }): boolean {
  if (operation === 'join' && fault.kind === 'slow') return fault.ms >= 10_000;
  if (operation === 'join') return fault.kind === 'lost' && fault.code !== undefined;
  return operation === 'leave' && fault.kind === 'refuse' && fault.code === -11001;
}

function disorder(manners: Manners): fc.Arbitrary<Step> {
  const evil = manners === 'evil';
  const fault = evil ? fc.oneof(fairFault, evilFault) : fairFault;
  return fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .record({ do: fc.constant('order' as const), operation: fc.constantFrom(...OPERATIONS), fault })
        .filter((order) => !isLie(order)),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('events' as const),
        faults: evil ? fc.oneof(fairEvents, evilEvents) : fairEvents,
      }),
    },
  );
}

const reaction: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('react' as const),
  to: fc.constantFrom<ReactedEvent>('state', 'channel', 'subscription', 'tokenRenewed', 'tokenError', 'restored'),
  with: appCall,
});

/** Most stories begin with a session that has something to lose. */
const OPENING: readonly Step[] = [
  { do: 'login', timeoutMs: 30_000, abort: false },
  { do: 'advance', ms: 900 },
  { do: 'subscribe', name: 'stage', options: 0, abort: false },
  { do: 'join', name: 'stage', options: 0, abort: false },
  { do: 'advance', ms: 900 },
  { do: 'joinTopic', name: 'stage' },
  { do: 'hear', name: 'stage' },
];

/** Stories of one kind of SDK. */
export function story(manners: Manners): fc.Arbitrary<Story> {
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 9, arbitrary: appCall },
    { weight: 9, arbitrary: disorder(manners) },
    { weight: 7, arbitrary: time },
    { weight: 6, arbitrary: outside },
    { weight: 1, arbitrary: reaction },
  );
  return fc.record({
    manners: fc.constant(manners),
    lifeSeconds: fc.constantFrom(40, 120, 600, 3600),
    latencyMs: fc.constantFrom<[number, number]>([0, 0], [5, 120], [200, 900]),
    chance: fc.noShrink(fc.nat()),
    steps: fc
      .tuple(fc.nat(OPENING.length), fc.array(step, { minLength: 4, maxLength: 30 }))
      .map(([opening, steps]) => [...OPENING.slice(0, opening), ...steps]),
  });
}

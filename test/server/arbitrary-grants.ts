import fc from 'fast-check';
import {
  type buildAccessToken,
  PRIVILEGES,
  type Privileges,
  type ServiceGrant,
  type ServiceName,
} from '../../src/server/index.js';

const NAME_CHARACTERS = [...' !#$%&()+,-0123456789:;<=>?@ABCXYZ[]^_abcxyz{|}~'];

/** Names that agora-rtm-sdk accepts. */
const signalingName: fc.Arbitrary<string> = fc
  .string({ unit: fc.constantFrom(...NAME_CHARACTERS), minLength: 1, maxLength: 64 })
  .filter((name) => !name.startsWith('_'));

/** Channels and accounts that agora-rtc-sdk-ng accepts. */
const rtcChannel = fc.string({ unit: fc.constantFrom(...NAME_CHARACTERS, '.'), minLength: 1, maxLength: 64 });
const rtcAccount = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 255 });

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const seconds = fc.integer({ min: 0, max: 86_400 });

function privileges<Name extends ServiceName>(service: Name): fc.Arbitrary<Privileges<Name>> {
  const names = Object.keys(PRIVILEGES[service]);
  const lives = Object.fromEntries(names.map((name) => [name, seconds]));
  return fc.oneof(fc.subarray(names), fc.record(lives, { requiredKeys: [] })) as fc.Arbitrary<Privileges<Name>>;
}

const resources = fc.record(
  { read: fc.array(text, { maxLength: 3 }), write: fc.array(text, { maxLength: 3 }) },
  { requiredKeys: [] },
);
const permissions = fc.record(
  {
    messageChannels: resources,
    streamChannels: resources,
    groupChannels: resources,
    serverGroups: resources,
    users: resources,
  },
  { requiredKeys: [] },
);
const role = fc.integer({ min: -0x8000, max: 0x7fff }).filter((value) => value !== 0); // the official builder turns 0 into -1

const grant: fc.Arbitrary<ServiceGrant> = fc.oneof(
  fc.record({
    service: fc.constant('rtc' as const),
    channelName: rtcChannel,
    userId: fc.oneof(rtcAccount, fc.integer({ min: 0, max: 0xffff_ffff })),
    privileges: privileges('rtc'),
  }),
  fc.record({ service: fc.constant('rtm' as const), userId: signalingName, privileges: privileges('rtm') }),
  fc.record({
    service: fc.constant('rtm2' as const),
    userId: signalingName,
    permissions,
    privileges: privileges('rtm2'),
  }),
  fc.record({
    service: fc.constant('streaming' as const),
    channelName: text,
    userId: text,
    privileges: privileges('streaming'),
  }),
  fc.record({ service: fc.constant('fpa' as const), privileges: privileges('fpa') }),
  fc.record({ service: fc.constant('chat' as const), userId: text, privileges: privileges('chat') }),
  fc.record({ service: fc.constant('fcdn' as const), channelName: text, userId: text, privileges: privileges('fcdn') }),
  fc.record({
    service: fc.constant('apaas' as const),
    roomUuid: text,
    userId: text,
    role,
    privileges: privileges('apaas'),
  }),
  fc.record({ service: fc.constant('convoai' as const) }),
  fc.record({ service: fc.constant('stt' as const) }),
);

const hex32 = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: 32, maxLength: 32 });

type BuildOptions = Parameters<typeof buildAccessToken>[0];

/** Everything that `buildAccessToken` takes, with any mix of services. */
export const tokenOptions: fc.Arbitrary<Required<BuildOptions>> = fc.record({
  appId: hex32,
  appCertificate: hex32,
  expiresInSeconds: fc.integer({ min: 1, max: 86_400 }),
  issuedAt: fc.integer({ min: 1, max: 0xffff_ffff - 86_400 }),
  salt: fc.integer({ min: 1, max: 99_999_999 }),
  services: fc.array(grant, { minLength: 1, maxLength: 8 }),
});

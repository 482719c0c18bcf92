import type { ServiceGrant } from '../../src/server/index.js';

/** The project of the tests that Agora publishes with its token builders. */
export const appId = '970CA35de60c44645bbae8a215061b33';
export const appCertificate = '5CFd2fd1755d40ecb72977518be15d3b';

const CHANNEL = '7d72365eb983485397e3e3f9d460bdda';

/** A token that an official builder made, and what it was made of. */
export interface OfficialToken {
  readonly name: string;
  readonly token: string;
  readonly services: readonly ServiceGrant[];
  /** Default: 1111111. */
  readonly issuedAt?: number;
  /** Default: 1. */
  readonly salt?: number;
  /** Default: 600. */
  readonly expiresInSeconds?: number;
}

/**
 * The tokens in the tests of Agora's builders for Node, C++, Go, Java and Python. The same content deflates to other bytes in
 * each language, so only what inflates from them can be compared.
 */
export const officialTokens: readonly OfficialToken[] = [
  {
    name: 'Node: RTC for an account',
    token:
      '007eJxTYBBbsMMnKq7p9Hf/HcIX5kce9b518kCiQgSr5Zrp4X1Tu6UUGCzNDZwdjU1TUs0Mkk1MzExMk5ISUy0SjQxNDcwMk4yN3b8IMEQwMTAwMoAwBIL4CgzmKeZGxmamqUmWFsYmFqbGluapxqnGaZYpJmYGSSkpiVwMRhYWRsYmhkbmxgDCaiTj',
    services: [
      {
        service: 'rtc',
        channelName: CHANNEL,
        userId: '2882341273',
        privileges: ['joinChannel'],
      },
    ],
  },
  {
    name: 'Node: RTC for any uid',
    token:
      '007eJxTYLhzZP08Lxa1Pg57+TcXb/3cZ3wi4V6kbpbOog0G2dOYk20UGCzNDZwdjU1TUs0Mkk1MzExMk5ISUy0SjQxNDcwMk4yN3b8IMEQwMTAwMoAwBIL4CgzmKeZGxmamqUmWFsYmFqbGluapxqnGaZYpJmYGSSkpiQwMADacImo=',
    services: [
      {
        service: 'rtc',
        channelName: CHANNEL,
        userId: 0,
        privileges: ['joinChannel'],
      },
    ],
  },
  {
    name: 'Node: RTC and RTM',
    token:
      '007eJxTYOAQsrQ5s3TfH+1tvy8zZZ46EpCc0V43JXdGd2jS8porKo4KDJbmBs6OxqYpqWYGySYmZiamSUmJqRaJRoamBmaGScbG7l8EGCKYGBgYGRgYmBgYGVgYGMF8JjDJDCZZwKQCg3mKuZGxmWlqkqWFsYmFqbGleapxqnGaZYqJmUFSSkoiF4ORhYWRsYmhkbkxyCyISZwMJanFJfGlxalFACKnKng=',
    services: [
      {
        service: 'rtc',
        channelName: CHANNEL,
        userId: '2882341273',
        privileges: ['joinChannel', 'publishAudio', 'publishVideo', 'publishDataStream'],
      },
      {
        service: 'rtm',
        userId: 'test_user',
        privileges: ['login'],
      },
    ],
  },
  {
    name: 'Node: Chat user',
    token:
      '007eJxTYNAIsnbS3v/A5t2TC6feR15r+6cq8bqAvfaW+tk/Vzz+p6xTYLA0N3B2NDZNSTUzSDYxMTMxTUpKTLVINDI0NTAzTDI2dv8iwBDBxMDAyADCrAyMDIxgPheDkYWFkbGJoZG5MQAfpR64',
    services: [
      {
        service: 'chat',
        userId: '2882341273',
        privileges: ['user'],
      },
    ],
  },
  {
    name: 'Node: Chat app',
    token:
      '007eJxTYNDNaz3snC8huEfHWdz6s98qltq4zqy9fl99Uh0FDvy6F6DAYGlu4OxobJqSamaQbGJiZmKalJSYapFoZGhqYGaYZGzs/kWAIYKJgYGRAYRZGRgZmMB8BgYArfIYaw==',
    services: [
      {
        service: 'chat',
        userId: '',
        privileges: ['app'],
      },
    ],
  },
  {
    name: 'C++: Streaming, FCDN and RTM2 with permissions',
    token:
      '007eJxTYPj86Lzdz79M25wNn/lMfvu+TkfmdpiviKvChm8ZV3SWndytwGBpbuDsaGyakmpmkGxiYmZimpSUmGqRaGRoamBmmGRs7P5FgCGCiYGBkYGBgRkImYAsEJ8JTCowmKeYGxmbmaYmWVoYm1iYGluapxqnGqdZppiYGSSlpCRyMRhZWBgZmxgamRuzUaSbA6gXopuToSS1uCS+tDi1iJkB4jQmoGBuanFxYnqqbiKCmcTIAIEcDMUlRamJubqJLGD1jAxsDCD9uokAO/VDvQ==',
    services: [
      {
        service: 'streaming',
        channelName: CHANNEL,
        userId: '2882341273',
        privileges: ['publishMixStream', 'publishRawStream'],
      },
      {
        service: 'fcdn',
        channelName: CHANNEL,
        userId: '2882341273',
        privileges: ['publish', 'play'],
      },
      {
        service: 'rtm2',
        userId: 'test_user',
        privileges: ['login'],
        permissions: {
          messageChannels: {
            read: ['message-a', 'message-b'],
          },
          streamChannels: {
            write: ['stream-a'],
          },
          users: {
            read: ['user-a'],
          },
        },
      },
    ],
  },
  {
    name: 'Node: several services of one type',
    token:
      '007eJxTYLi93GuuUHrO9Fr71KVJKqfDby8RezlVfGLMO77DIl79U40UGCzNDZwdjU1TUs0Mkk1MzExMk5ISUy0SjQxNDcwMk4yN3b8IMEQwMTAwMjAwsDEwMzAyMIL5CgzmKeZGxmamqUmWFsYmFqbGluapxqnGaZYpJmYGSSkpiVwMRhYWRsYmhkbmxiB9TETqY2BgZmCC2kKsHj6G4pKi1MRc3cTk5PzSvBI2Mt3JRpI72Uh2Jw9DWnJKHsyVAElvX1c=',
    services: [
      {
        service: 'streaming',
        channelName: CHANNEL,
        userId: '2882341273',
        privileges: ['publishMixStream'],
      },
      {
        service: 'streaming',
        channelName: CHANNEL,
        userId: '',
        privileges: ['publishRawStream'],
      },
      {
        service: 'streaming',
        channelName: CHANNEL,
        userId: 'stream-account',
        privileges: ['publishMixStream', 'publishRawStream'],
      },
      {
        service: 'fcdn',
        channelName: CHANNEL,
        userId: '2882341273',
        privileges: ['publish'],
      },
      {
        service: 'fcdn',
        channelName: CHANNEL,
        userId: '',
        privileges: ['play'],
      },
      {
        service: 'fcdn',
        channelName: CHANNEL,
        userId: 'fcdn-account',
        privileges: ['publish', 'play'],
      },
    ],
  },
  {
    name: 'Go: RTC for a uid',
    token:
      '007eJxSYBBbsMMnKq7p9Hf/HcIX5kce9b518kCiQgSr5Zrp4X1Tu6UUGCzNDZwdjU1TUs0Mkk1MzExMk5ISUy0SjQxNDcwMk4yN3b8IMEQwMTAwMoAwBIL4CgzmKeZGxmamqUmWFsYmFqbGluapxqnGaZYpJmYGSSkpiVwMRhYWRsYmhkbmxoAAAAD//8JqJOM=',
    services: [
      {
        service: 'rtc',
        channelName: CHANNEL,
        userId: '2882341273',
        privileges: ['joinChannel'],
      },
    ],
  },
  {
    name: 'Go: RTC for any uid',
    token:
      '007eJxSYLhzZP08Lxa1Pg57+TcXb/3cZ3wi4V6kbpbOog0G2dOYk20UGCzNDZwdjU1TUs0Mkk1MzExMk5ISUy0SjQxNDcwMk4yN3b8IMEQwMTAwMoAwBIL4CgzmKeZGxmamqUmWFsYmFqbGluapxqnGaZYpJmYGSSkpiQwMgAAAAP//Npwiag==',
    services: [
      {
        service: 'rtc',
        channelName: CHANNEL,
        userId: 0,
        privileges: ['joinChannel'],
      },
    ],
  },
  {
    name: 'Go: RTM',
    token:
      '007eJxSYOCdJftjyTM2zxW6Xhm/5T0j5LdcUt/xYVt48fb5Mp3PX9coMFiaGzg7GpumpJoZJJuYmJmYJiUlplokGhmaGpgZJhkbu38RYIhgYmBgZABhJgZGBkYwn5OhJLW4JL60OLUIEAAA//9ZVh6A',
    services: [
      {
        service: 'rtm',
        userId: 'test_user',
        privileges: ['login'],
      },
    ],
  },
  {
    name: 'Go: Chat user',
    token:
      '007eJxSYNAIsnbS3v/A5t2TC6feR15r+6cq8bqAvfaW+tk/Vzz+p6xTYLA0N3B2NDZNSTUzSDYxMTMxTUpKTLVINDI0NTAzTDI2dv8iwBDBxMDAyADCrAyMDIxgPheDkYWFkbGJoZG5MSAAAP//H6UeuA==',
    services: [
      {
        service: 'chat',
        userId: '2882341273',
        privileges: ['user'],
      },
    ],
  },
  {
    name: 'Go: Chat app',
    token:
      '007eJxSYNDNaz3snC8huEfHWdz6s98qltq4zqy9fl99Uh0FDvy6F6DAYGlu4OxobJqSamaQbGJiZmKalJSYapFoZGhqYGaYZGzs/kWAIYKJgYGRAYRZGRgZmMB8BgZAAAAA//+t8hhr',
    services: [
      {
        service: 'chat',
        userId: '',
        privileges: ['app'],
      },
    ],
  },
  {
    name: 'Go: RTC, RTM and Chat',
    token:
      '007eJxSYJjqLJBlM239wwWvmBZ7tW619coNnPKSXaHayfKzZODswxMVGCzNDZwdjU1TUs0Mkk1MzExMk5ISUy0SjQxNDcwMk4yN3b8IMEQwMTAwMjAwMDMwgiGIr8BgnmJuZGxmmppkaWFsYmFqbGmeapxqnGaZYmJmkJSSksjFYGRhYWRsYmhkbswE18fJUJJaXBJfWpxaxAoXRFYKCAAA///aoiqr',
    services: [
      {
        service: 'rtc',
        channelName: CHANNEL,
        userId: '2882341273',
        privileges: ['joinChannel'],
      },
      {
        service: 'rtm',
        userId: 'test_user',
        privileges: ['login'],
      },
      {
        service: 'chat',
        userId: '2882341273',
        privileges: ['user'],
      },
    ],
  },
  {
    name: 'Java: RTM',
    token:
      '007eJxTYOCdJftjyTM2zxW6Xhm/5T0j5LdcUt/xYVt48fb5Mp3PX9coMFiaGzg7GpumpJoZJJuYmJmYJiUlplokGhmaGpgZJhkbu38RYIhgYmBgZABhJiBmBPM5GUpSi0viS4tTiwBZVh6A',
    services: [
      {
        service: 'rtm',
        userId: 'test_user',
        privileges: ['login'],
      },
    ],
  },
  {
    name: 'Java: RTC with every privilege, RTM and Chat',
    token:
      '007eJxTYPg19dsX8xO2Nys/bpSeoH/0j9CvSs1JWib9291PKC53l85UYLA0N3B2NDZNSTUzSDYxMTMxTUpKTLVINDI0NTAzTDI2dv8iwBDBxMDAyMDAwAwkWYAYxGcCk8xgkgVMKjCYp5gbGZuZpiZZWhibWJgaW5qnGqcap1mmmJgZJKWkJHIxGFlYGBmbGBqZGzMBzYGYxMlQklpcEl9anFrEChdEVgoAw6ct/Q==',
    services: [
      {
        service: 'rtc',
        channelName: CHANNEL,
        userId: '2882341273',
        privileges: ['joinChannel', 'publishAudio', 'publishVideo', 'publishDataStream'],
      },
      {
        service: 'rtm',
        userId: 'test_user',
        privileges: ['login'],
      },
      {
        service: 'chat',
        userId: '2882341273',
        privileges: ['user'],
      },
    ],
  },
  {
    name: 'Java: RTC with every privilege and RTM',
    token:
      '007eJxTYOAQsrQ5s3TfH+1tvy8zZZ46EpCc0V43JXdGd2jS8porKo4KDJbmBs6OxqYpqWYGySYmZiamSUmJqRaJRoamBmaGScbG7l8EGCKYGBgYGRgYmIAkCxCD+ExgkhlMsoBJBQbzFHMjYzPT1CRLC2MTC1NjS/NU41TjNMsUEzODpJSURC4GIwsLI2MTQyNzY5BZEJM4GUpSi0viS4tTiwAipyp4',
    services: [
      {
        service: 'rtc',
        channelName: CHANNEL,
        userId: '2882341273',
        privileges: ['joinChannel', 'publishAudio', 'publishVideo', 'publishDataStream'],
      },
      {
        service: 'rtm',
        userId: 'test_user',
        privileges: ['login'],
      },
    ],
  },
  {
    name: 'Python: APaaS room user',
    token:
      '007eJxTYOi6fYVB7qlA2ZWQ+Ko3N2IafQOddj+K4tjh3PS7P2vx4a0KDJbmBs6OxqYpqWYGySYmZiamSUmJqRaJRoamBmaGScbG7l8EGCKYGBgYGRgYmBmYgDQjmM/FYGRhYWRsYmhkbswKF1VgMDMwMza2MDYxskg0NktLSjROSzIzMDZISk1OszCwNEllh6tlZjA0MkY2hpEBANqIKYQ=',
    services: [
      {
        service: 'rtm',
        userId: '2882341273',
        privileges: ['login'],
      },
      {
        service: 'chat',
        userId: '6063383428a36fba3fb6030becf8094e',
        privileges: ['user'],
      },
      {
        service: 'apaas',
        roomUuid: '123',
        userId: '2882341273',
        role: 1,
        privileges: ['roomUser'],
      },
    ],
  },
  {
    name: 'Python: APaaS user',
    token:
      '007eJxTYEg4e9Zj9gch+QkfFi1qM7tdkn1G3Kzt6FTJpTpzRQ4brixTYLA0N3B2NDZNSTUzSDYxMTMxTUpKTLVINDI0NTAzTDI2dv8iwBDBxMDAyADC7EDMBOYzMHAxGFlYGBmbGBqZG///DwDuNR56',
    services: [
      {
        service: 'apaas',
        roomUuid: '',
        userId: '2882341273',
        role: -1,
        privileges: ['user'],
      },
    ],
  },
  {
    name: 'Python: APaaS app',
    token:
      '007eJxTYJgT3rumdJdoWJpC3aNTb4o76swyLsrHvmznOn/x1cQM9gcKDJbmBs6OxqYpqWYGySYmZiamSUmJqRaJRoamBmaGScbG7l8EGCKYGBgYGUCYHYiZwXwQ+P8fAADUHTQ=',
    services: [
      {
        service: 'apaas',
        roomUuid: '',
        userId: '',
        role: -1,
        privileges: ['app'],
      },
    ],
  },
  {
    name: 'Python: five services',
    token:
      '007eJxTYHh8IPKzTvBdf9ce8bk7G61vs06oca1e815/ot4+x7rfjDIKDJbmBs6OxqYpqWYGySYmZiamSUmJqRaJRoamBmaGScbG7l8EGCKYGBgYGRgYWIEkCxCD+ExgkhlMsoBJBQbzFHMjYzPT1CRLC2MTC1NjS/NU41TjNMsUEzODpJSURC4GIwsLI2MTQyNzYyagORCTkEVZ4KKsWOXZgWIQm1HF//8HAL01L5I=',
    services: [
      {
        service: 'rtc',
        channelName: CHANNEL,
        userId: '2882341273',
        privileges: ['joinChannel', 'publishAudio', 'publishVideo', 'publishDataStream'],
      },
      {
        service: 'rtm',
        userId: '2882341273',
        privileges: ['login'],
      },
      {
        service: 'fpa',
        privileges: ['login'],
      },
      {
        service: 'chat',
        userId: '2882341273',
        privileges: ['user'],
      },
      {
        service: 'apaas',
        roomUuid: '',
        userId: '2882341273',
        role: -1,
        privileges: ['user'],
      },
    ],
  },
  {
    name: 'Node, a later time and another salt',
    token:
      '007eJxTYAjvdAlt32+24rZn0rFMtdr57c7bzOOjhHLmxNhos/a39CgwWJobODsam6akmhkkm5iYmZgmJSWmWiQaGZoamBkmGRszfAxOFeBjYPBL3MPAxMAIxiA+C5jkYUhJzc3XTc5IzMtLzWFlSMzJTE4FKYEoggoAALpMIlw=',
    services: [
      {
        service: 'rtc',
        channelName: 'demo-channel',
        userId: 'alice',
        privileges: ['joinChannel', 'publishDataStream'],
      },
      {
        service: 'rtm',
        userId: 'alice',
        privileges: ['login'],
      },
    ],
    issuedAt: 1700000000,
    salt: 12345678,
    expiresInSeconds: 3600,
  },
];

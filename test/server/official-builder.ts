import {
  AccessToken2,
  Rtm2Permissions,
  type Service,
  ServiceApaas,
  ServiceChat,
  ServiceConvoAI,
  ServiceFCdn,
  ServiceFpa,
  ServiceRtc,
  ServiceRtm,
  ServiceRtm2,
  ServiceStreaming,
  ServiceStt,
} from 'agora-token/src/AccessToken2.js';
import { type buildAccessToken, PRIVILEGES, type ServiceGrant } from '../../src/server/index.js';

type BuildOptions = Required<Parameters<typeof buildAccessToken>[0]>;

/** What `buildAccessToken` takes, built by Agora's own package. */
export function buildOfficially(options: BuildOptions): string {
  const token = new AccessToken2(options.appId, options.appCertificate, options.issuedAt, options.expiresInSeconds);
  token.issueTs = options.issuedAt;
  token.salt = options.salt;
  for (const grant of options.services) {
    const service = officialService(grant);
    for (const [privilege, seconds] of privilegesOf(grant, options.expiresInSeconds)) {
      service.add_privilege(privilege, seconds);
    }
    token.add_service(service);
  }
  return token.build();
}

function officialService(grant: ServiceGrant): Service {
  switch (grant.service) {
    case 'rtc':
      return new ServiceRtc(grant.channelName, grant.userId);
    case 'rtm':
      return new ServiceRtm(grant.userId);
    case 'streaming':
      return new ServiceStreaming(grant.channelName, grant.userId);
    case 'fpa':
      return new ServiceFpa();
    case 'chat':
      return new ServiceChat(grant.userId);
    case 'fcdn':
      return new ServiceFCdn(grant.channelName, grant.userId);
    case 'apaas':
      return new ServiceApaas(grant.roomUuid, grant.userId, grant.role);
    case 'rtm2':
      return new ServiceRtm2(grant.userId, officialPermissions(grant.permissions));
    case 'convoai':
      return new ServiceConvoAI();
    case 'stt':
      return new ServiceStt();
  }
}

const RESOURCE_NUMBERS = {
  messageChannels: 0,
  streamChannels: 1,
  groupChannels: 2,
  serverGroups: 3,
  users: 4,
} as const;

function officialPermissions(permissions: Extract<ServiceGrant, { service: 'rtm2' }>['permissions']): Rtm2Permissions {
  const official = new Rtm2Permissions();
  for (const type of Object.keys(RESOURCE_NUMBERS) as (keyof typeof RESOURCE_NUMBERS)[]) {
    const { read, write } = permissions[type] ?? {};
    if (read) official.add(RESOURCE_NUMBERS[type], 0, read);
    if (write) official.add(RESOURCE_NUMBERS[type], 1, write);
  }
  return official;
}

function privilegesOf(grant: ServiceGrant, lifeSeconds: number): [number, number][] {
  if (grant.service === 'convoai' || grant.service === 'stt') return [];
  const numbers: Readonly<Record<string, number>> = PRIVILEGES[grant.service];
  const privileges = grant.privileges ?? ['login'];
  const entries = Array.isArray(privileges)
    ? privileges.map((name: string) => [name, lifeSeconds] as const)
    : Object.entries<number>(privileges as Record<string, number>);
  return entries.map(([name, seconds]) => [numbers[name] ?? 0, seconds]);
}

import { MAX_UID } from '../../token/wire-format.js';
import type { ByteWriter } from './byte-writer.js';
import { checkRtcAccount, checkRtcChannelName, checkSignalingName, checkText, checkWhole } from './check-arguments.js';
import { privilegeLives } from './privilege-lives.js';
import { SERVICE_TYPES, type ServiceGrant, type ServiceName } from './services.js';
import { writePermissions } from './write-permissions.js';

const LOGIN = ['login'];

/**
 * Writes one service: its type, its privileges, then the fields of that type.
 *
 * @param prefix what stands before a field in error messages, as in `services[0].`.
 * @throws InvalidArgumentError when a field is not what the service takes.
 */
export function writeService(writer: ByteWriter, grant: ServiceGrant, lifeSeconds: number, prefix: string): void {
  writer.u16(SERVICE_TYPES[grant.service]);
  writePrivileges(writer, grant.service, privilegesOf(grant), lifeSeconds, `${prefix}privileges`);
  writeFields(writer, grant, prefix);
}

function privilegesOf(grant: ServiceGrant): unknown {
  switch (grant.service) {
    case 'convoai':
    case 'stt':
      return [];
    case 'rtm':
    case 'rtm2':
    case 'fpa':
      return grant.privileges ?? LOGIN;
    default:
      return grant.privileges;
  }
}

function writePrivileges(
  writer: ByteWriter,
  service: ServiceName,
  privileges: unknown,
  lifeSeconds: number,
  argument: string,
): void {
  const lives = privilegeLives(argument, service, privileges, lifeSeconds);
  writer.u16(lives.size);
  for (const [number, life] of [...lives].sort(([left], [right]) => left - right)) writer.u16(number).u32(life);
}

function writeFields(writer: ByteWriter, grant: ServiceGrant, prefix: string): void {
  switch (grant.service) {
    case 'rtc':
      checkRtcChannelName(`${prefix}channelName`, grant.channelName);
      writer.string(grant.channelName).string(rtcUid(grant.userId, `${prefix}userId`));
      return;
    case 'rtm':
      checkSignalingName(`${prefix}userId`, grant.userId);
      writer.string(grant.userId);
      return;
    case 'rtm2':
      checkSignalingName(`${prefix}userId`, grant.userId);
      writer.string(grant.userId);
      writePermissions(writer, grant.permissions, `${prefix}permissions`);
      return;
    case 'streaming':
    case 'fcdn':
      checkText(`${prefix}channelName`, grant.channelName);
      checkText(`${prefix}userId`, grant.userId);
      writer.string(grant.channelName).string(grant.userId);
      return;
    case 'chat':
      checkText(`${prefix}userId`, grant.userId);
      writer.string(grant.userId);
      return;
    case 'apaas':
      checkText(`${prefix}roomUuid`, grant.roomUuid);
      checkText(`${prefix}userId`, grant.userId);
      checkWhole(`${prefix}role`, grant.role, -0x8000, 0x7fff);
      writer.string(grant.roomUuid).string(grant.userId).i16(grant.role);
  }
}

/** An RTC uid is written as decimal text, except that the number 0 ("any uid") is the empty string. */
function rtcUid(userId: unknown, argument: string): string {
  if (typeof userId !== 'number') {
    checkRtcAccount(argument, userId);
    return userId;
  }
  checkWhole(argument, userId, 0, MAX_UID);
  return userId === 0 ? '' : String(userId);
}

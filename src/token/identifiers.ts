/**
 * The characters that agora-rtm-sdk 2.3.0 accepts in user IDs and channel names: printable ASCII without `"` `'` `*` `.` `/` `\`
 * and the backtick, no leading underscore, 64 characters at most. Agora's documentation also allows `.`; the SDK refuses it.
 */
const SIGNALING_NAME = /^(?!_)[ !#$%&()+,\-0-9:;<=>?@A-Z[\]^_a-z{|}~]{1,64}$/;
const HEX_32 = /^[0-9a-fA-F]{32}$/;

/** The rule for user IDs and channel names in words, for error messages. */
export const SIGNALING_NAME_RULE =
  '1 to 64 ASCII characters, not beginning with "_", and none of " \' * . / \\ ` (the SDK refuses them)';

/** Whether agora-rtm-sdk accepts this as a user ID or a channel name. */
export function isSignalingName(value: unknown): value is string {
  return typeof value === 'string' && SIGNALING_NAME.test(value);
}

/** Whether this has the form of an Agora app ID or app certificate: 32 hexadecimal digits. */
export function isHex32(value: unknown): value is string {
  return typeof value === 'string' && HEX_32.test(value);
}

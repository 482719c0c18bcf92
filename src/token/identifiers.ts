/**
 * The characters that agora-rtm-sdk 2.3.0 accepts in user IDs and channel names: printable ASCII without `"` `'` `*` `.` `/` `\`
 * and the backtick, no leading underscore, 64 characters at most. Agora's documentation also allows `.`; the SDK refuses it.
 */
const SIGNALING_NAME = /^(?!_)[ !#$%&()+,\-0-9:;<=>?@A-Z[\]^_a-z{|}~]{1,64}$/;
const HEX_32 = /^[0-9a-fA-F]{32}$/;

/** The rule for user IDs and channel names in words, for error messages. */
export const SIGNALING_NAME_RULE =
  'a string of 1 to 64 ASCII characters, not beginning with "_", and none of " \' * . / \\ ` (the SDK refuses them)';

/** Whether agora-rtm-sdk accepts this as a user ID or a channel name. */
export function isSignalingName(value: unknown): value is string {
  return typeof value === 'string' && SIGNALING_NAME.test(value);
}

/**
 * Channel names of calls (RTC), as agora-rtc-sdk-ng 4.24 takes them. The rule is wider than that of Signaling: dots and a leading
 * underscore are allowed.
 */
const RTC_CHANNEL = /^[ !#$%&()+,\-.0-9:;<=>?@A-Z[\]^_a-z{|}~]{1,64}$/;
const RTC_ACCOUNT = /^[\x20-\x7e]{1,255}$/;

/** The rule for channel names of calls in words, for error messages. */
export const RTC_CHANNEL_RULE =
  'a string of 1 to 64 of the characters a-z A-Z 0-9, space and ! # $ % & ( ) + - : ; < = . > ? @ [ ] ^ _ { } | ~ ,';

/** The rule for string users of calls in words, for error messages. */
export const RTC_ACCOUNT_RULE = 'a string of 1 to 255 printable ASCII characters';

/** Whether a call's channel may be called this. */
export function isRtcChannelName(value: unknown): value is string {
  return typeof value === 'string' && RTC_CHANNEL.test(value);
}

/** Whether a call's user may be called this (a user account); users with numbers have a rule of their own. */
export function isRtcAccount(value: unknown): value is string {
  return typeof value === 'string' && RTC_ACCOUNT.test(value);
}

/** Whether this has the form of an Agora app ID or app certificate: 32 hexadecimal digits. */
export function isHex32(value: unknown): value is string {
  return typeof value === 'string' && HEX_32.test(value);
}

import type { ErrorInfo } from 'agora-rtm-sdk';

type ErrorName =
  | 'RtmInvalidArgumentError'
  | 'RtmInvalidStatusError'
  | 'RtmUnavailableError'
  | 'RtmTimeoutError'
  | 'RtmBaseError';

/** The codes of the SDK that the emulator uses, with its class names and texts as far as agora-rtm-sdk 2.3.0 showed them. */
const ERRORS: ReadonlyMap<number, readonly [ErrorName, string]> = new Map<number, readonly [ErrorName, string]>([
  [-10003, ['RtmUnavailableError', 'Invalid App id. illegal symbol or too long.']],
  [-10005, ['RtmInvalidArgumentError', 'Invalid token.']],
  [-10006, ['RtmInvalidArgumentError', 'Invalid user id. illegal symbol or too long.']],
  [-10008, ['RtmInvalidArgumentError', 'Invalid channel name. illegal symbol or too long.']],
  [-10009, ['RtmUnavailableError', 'Token expired.']],
  [-10011, ['RtmTimeoutError', 'Login timeout.']],
  [-10012, ['RtmUnavailableError', 'RTM service was rejected due to server error.']],
  [-10015, ['RtmUnavailableError', 'Login not authorized.']],
  [-10016, ['RtmInvalidArgumentError', 'The appid is not consistent.']],
  [-10017, ['RtmUnavailableError', 'Same subscribe, join or login request.']],
  [-10019, ['RtmInvalidArgumentError', 'Invalid channel type, some api not support set channel type as user.']],
  [-10020, ['RtmUnavailableError', 'Invalid encryption parameter.']],
  [-10021, ['RtmUnavailableError', 'Operation rate exceed limitation.']],
  [-10022, ['RtmUnavailableError', 'Service not supported.']],
  [-10023, ['RtmUnavailableError', 'Login RTM service was canceled by user.']],
  [-10025, ['RtmInvalidStatusError', 'Perform operation failed due to RTM service is not connected.']],
  [-10026, ['RtmTimeoutError', 'Renew token timeout.']],
  [
    -10027,
    ['RtmUnavailableError', 'The user ID is already in use by another active RTM instance with the same app ID.'],
  ],
  [-11001, ['RtmUnavailableError', 'Perform operation without join stream channel.']],
  [-11005, ['RtmUnavailableError', 'Channel instance exceed limitation.']],
  [-11007, ['RtmUnavailableError', 'Join stream channel failed.']],
  [-11008, ['RtmInvalidArgumentError', 'Perform topic operation with invalid name.illegal symbol or too long.']],
  [-11009, ['RtmInvalidArgumentError', 'Invalid message.']],
  [-11010, ['RtmInvalidArgumentError', 'Message length exceed limitation.']],
  [-11011, ['RtmInvalidArgumentError', 'Invalid user list.']],
  [-11013, ['RtmUnavailableError', 'Topic not subscribed.']],
  [-11014, ['RtmUnavailableError', 'Topic count exceed limitation.']],
  [-11015, ['RtmTimeoutError', 'Join topic failed.']],
  [-11016, ['RtmUnavailableError', 'Topic not joined.']],
  [-11017, ['RtmUnavailableError', 'Topic not exist.']],
  [-11018, ['RtmInvalidArgumentError', 'Invalid topic meta.']],
  [-11019, ['RtmTimeoutError', 'Subscribe timeout.']],
  [-11020, ['RtmUnavailableError', 'Subscribe operation is too frequent.']],
  [-11026, ['RtmTimeoutError', 'Publish message timeout.']],
  [-11028, ['RtmTimeoutError', 'Leave stream channel failed.']],
  [-11029, ['RtmInvalidArgumentError', 'Custom type length overflow.']],
  [-11030, ['RtmInvalidArgumentError', 'Invalid custom type.']],
  [-11033, ['RtmUnavailableError', 'Receiver is offline.']],
  [-11034, ['RtmUnavailableError', 'Join channel operation was canceled.']],
  [-12017, ['RtmUnavailableError', 'Storage subscribe user exceed limitation.']],
  [-12018, ['RtmTimeoutError', 'Storage operation timeout.']],
  [-13001, ['RtmInvalidStatusError', 'Presence not connected.']],
  [-13004, ['RtmInvalidStatusError', 'Cached too many presence states.']],
  [-13005, ['RtmInvalidArgumentError', 'Presence state count overflow.']],
  [-13006, ['RtmInvalidArgumentError', 'Invalid presence state key.']],
  [-13007, ['RtmInvalidArgumentError', 'Invalid presence state value.']],
  [-13009, ['RtmInvalidArgumentError', 'Presence state value size overflow.']],
  [-13011, ['RtmUnavailableError', 'Presence user not exist.']],
  [-13012, ['RtmTimeoutError', 'Presence operation timeout.']],
  [-15002, ['RtmInvalidArgumentError', 'Invalid history timestamp.']],
  [-15003, ['RtmTimeoutError', 'History operation timeout.']],
]);

/** An error with the fields of the SDK's `RTMBaseError`. */
export class SignalingError extends Error implements ErrorInfo {
  readonly error = true;
  readonly code: number;
  readonly errorCode: number;
  readonly reason: string;
  readonly operation: string;
  override readonly name: string;

  /**
   * @param operation what the SDK calls the failed call, such as `login` or `presenceSetState`
   * @param code one of the SDK's error codes; codes that are not known here get a plain text
   * @param detail appended to the code's text
   */
  constructor(operation: string, code: number, detail = '') {
    const [name, text] = ERRORS.get(code) ?? ['RtmBaseError', 'Operation failed.'];
    const reason = text + detail;
    super(`Error Code ${code} - ${reason}`);
    this.name = name;
    this.code = code;
    this.errorCode = code;
    this.reason = reason;
    this.operation = operation;
  }
}

/** The error that the SDK makes of a step that took too long. */
export function timeoutError(operation: string, code: number): SignalingError {
  const error = new SignalingError(operation, code, 'timeout occurred.');
  Object.defineProperty(error, 'name', { value: 'RtmTimeoutError', enumerable: true });
  return error;
}

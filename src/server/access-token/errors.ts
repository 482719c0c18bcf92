/**
 * What every error of `agora-session/server` is: an `Error` with a stable `code`. No message repeats a text that was passed in, which might
 * be a certificate or a token in the wrong place.
 */
export abstract class AgoraServerError extends Error {
  /** Stable; safe to compare, log and show. */
  abstract readonly code: string;
}

/** An argument that cannot be right. The message says what was expected and how what came differs; of texts their length and where they are wrong. */
export class InvalidArgumentError extends AgoraServerError {
  override readonly name = 'InvalidArgumentError';
  readonly code = 'INVALID_ARGUMENT';
  /** The argument's name, as in `services[0].userId`. */
  readonly argument: string;

  constructor(argument: string, expectation: string) {
    super(`${argument} ${expectation}`);
    this.argument = argument;
  }
}

/**
 * Why a token is not accepted.
 *
 * - `MALFORMED`: it is no AccessToken2, is cut off, or carries something after its end.
 * - `WRONG_APP`: it is for another Agora project.
 * - `BAD_SIGNATURE`: it was not made with this certificate, or was altered.
 * - `NOT_YET_VALID`: it claims to be issued in the future.
 * - `EXPIRED`: its life is over, or that of what it allows.
 * - `WRONG_SERVICE`, `WRONG_USER`, `WRONG_CHANNEL`: it is not for what was expected.
 */
export type AccessTokenErrorCode =
  | 'MALFORMED'
  | 'WRONG_APP'
  | 'BAD_SIGNATURE'
  | 'NOT_YET_VALID'
  | 'EXPIRED'
  | 'WRONG_SERVICE'
  | 'WRONG_USER'
  | 'WRONG_CHANNEL';

/** Thrown for a token that cannot be read or must not be accepted. */
export class AccessTokenError extends AgoraServerError {
  override readonly name = 'AccessTokenError';
  readonly code: AccessTokenErrorCode;

  constructor(code: AccessTokenErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

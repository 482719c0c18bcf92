/** What the reason of a link state or of a refused call amounts to. */
export type ReasonClass =
  /** Something is under way. */
  | 'progress'
  /** Something went as it should. */
  | 'success'
  /** The token is refused or has lapsed: a fresh one is needed. */
  | 'token'
  /** A token is about to lapse. */
  | 'expiring'
  /** The way to Signaling is broken for now. */
  | 'network'
  /** Too many logins or calls for now. */
  | 'throttled'
  /** One channel has a problem. */
  | 'channel'
  /** The same user logged in elsewhere. */
  | 'displaced'
  /** The server removed the user. */
  | 'kicked'
  /** The project, the account or an argument is wrong; trying again cannot help. */
  | 'configuration'
  /** Nobody says what it is. */
  | 'unknown';

import type { AccessTokenService } from '../../token/access-token-content.js';
import type { AccessToken } from './access-token.js';
import { checkObject } from './check-arguments.js';
import { AccessTokenError, InvalidArgumentError } from './errors.js';
import { SERVICE_TYPES, type ServiceName } from './services.js';
import { serviceEndsAt } from './token-end.js';

/** What a token must be for: one of its services must fit in all that is given here, and live. */
export interface TokenExpectation {
  /** As in `rtm` for a login and `rtc` for a channel. */
  readonly service: ServiceName;
  /** The user whom the service must name. One that is good for anybody proves nobody, and does not fit. */
  readonly userId?: string;
  /** The channel that the service must name. */
  readonly channelName?: string;
}

/** @throws InvalidArgumentError naming the field that cannot be right. */
export function checkExpectation(expected: TokenExpectation): void {
  checkObject('expected', expected, 'service');
  const { service, userId, channelName } = expected;
  if (!Object.hasOwn(SERVICE_TYPES, service)) {
    throw new InvalidArgumentError('expected.service', `must be one of ${Object.keys(SERVICE_TYPES).join(', ')}.`);
  }
  for (const [name, value] of Object.entries({ userId, channelName })) {
    if (value === undefined || (typeof value === 'string' && value !== '')) continue;
    throw new InvalidArgumentError(`expected.${name}`, 'must be a text that is not empty.');
  }
}

/** @throws AccessTokenError `WRONG_SERVICE`, `WRONG_USER`, `WRONG_CHANNEL` or `EXPIRED`. */
export function demandExpected(token: AccessToken, expected: TokenExpectation, now: number): void {
  const { userId, channelName } = expected;
  const services = token.services.filter(
    (service) => service.name === expected.service && serviceEndsAt(token, service) !== null,
  );
  demandSome(services, 'WRONG_SERVICE', 'The token does not let anybody into the expected service.');
  const ofUser = services.filter((service) => userId === undefined || field(service, 'userId') === userId);
  demandSome(ofUser, 'WRONG_USER', 'The token is for another user than the expected one.');
  const fitting = ofUser.filter(
    (service) => channelName === undefined || field(service, 'channelName') === channelName,
  );
  demandSome(fitting, 'WRONG_CHANNEL', 'The token is for another channel than the expected one.');
  const living = fitting.filter((service) => now < (serviceEndsAt(token, service) ?? 0));
  demandSome(living, 'EXPIRED', 'What the token allows in the expected service has lapsed.');
}

function demandSome(services: readonly AccessTokenService[], ...error: ConstructorParameters<typeof AccessTokenError>) {
  if (services.length === 0) throw new AccessTokenError(...error);
}

function field(service: AccessTokenService, name: 'userId' | 'channelName'): unknown {
  return Object.entries(service).find(([field]) => field === name)?.[1];
}

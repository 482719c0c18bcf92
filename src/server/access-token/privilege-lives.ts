import { MAX_LIFE_SECONDS } from '../../token/wire-format.js';
import { checkWhole } from './check-arguments.js';
import { InvalidArgumentError } from './errors.js';
import { PRIVILEGES, type ServiceName } from './services.js';

/**
 * The lives in seconds of what a token allows in one service, by the privileges' numbers.
 *
 * @param lifeSeconds the life of the token, which is that of privileges in a list.
 * @throws InvalidArgumentError naming the argument, for what is no such list or object, and for what the service does not know.
 */
export function privilegeLives(
  argument: string,
  service: ServiceName,
  privileges: unknown,
  lifeSeconds: number,
): Map<number, number> {
  const numbers: Readonly<Record<string, number>> = PRIVILEGES[service];
  const lives = new Map<number, number>();
  for (const [index, [name, life]] of entriesOf(argument, privileges, lifeSeconds).entries()) {
    if (life === undefined) continue;
    if (typeof name !== 'string' || !Object.hasOwn(numbers, name)) {
      const named = Object.keys(numbers).join(', ') || 'nothing';
      throw new InvalidArgumentError(argument, `may name ${named}; number ${index + 1} is something else.`);
    }
    checkWhole(`${argument}.${name}`, life, 0, MAX_LIFE_SECONDS);
    lives.set(numbers[name] ?? 0, life);
  }
  return lives;
}

/** A set or a map is neither: it has no fields, and would allow nothing without a word. */
function entriesOf(argument: string, privileges: unknown, lifeSeconds: number): (readonly [unknown, unknown])[] {
  if (Array.isArray(privileges)) return Array.from(privileges, (name: unknown) => [name, lifeSeconds]);
  if (typeof privileges === 'object' && privileges !== null && !(Symbol.iterator in privileges)) {
    return Object.entries(privileges);
  }
  throw new InvalidArgumentError(argument, 'must be a list of names, or an object of names and seconds.');
}

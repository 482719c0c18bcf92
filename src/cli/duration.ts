import { isWhole } from '../server/parts.js';
import { MAX_LIFE_SECONDS } from '../token/wire-format.js';
import { UsageError } from './usage-error.js';

const SECONDS_OF = { s: 1, m: 60, h: 3600 } as const;
const DURATION = /^(\d{1,5})([smh]?)$/;

/** How a life is written, for `--help`. */
export const LIFE_HELP = '90 or 90s, 10m, 1h; 24h at most';

/**
 * The seconds of a life such as `10m`; a number alone is seconds.
 *
 * @throws UsageError when it is none, or longer than Agora honours.
 */
export function lifeFrom(option: string, text: string): number {
  const [, amount, unit = ''] = DURATION.exec(text) ?? [];
  const seconds = Number(amount) * (unit in SECONDS_OF ? SECONDS_OF[unit as keyof typeof SECONDS_OF] : 1);
  if (isWhole(seconds, 1, MAX_LIFE_SECONDS)) return seconds;
  throw new UsageError(`${option} must be the tokens' life: ${LIFE_HELP}${hint(text)}.`);
}

/** Agora's older builders took the time of the end. */
function hint(text: string): string {
  return /^\d{10,}$/.test(text) ? '. It counts from now, and is no absolute timestamp' : '';
}

/** Seconds as people say them. */
export function durationText(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  return (
    parts
      .filter(([amount]) => amount > 0)
      .map(([amount, unit]) => `${amount} ${unit}`)
      .join(' ') || '0 s'
  );
}

import type { Cut, Faults, Outage } from './faults.js';
import type { SeededRandom } from './seeded-random.js';
import { merge, type Span } from './spans.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long a simulated session lasts. */
export const DAY_MS: number = 24 * HOUR;
/** No fault begins or lasts later than this: at the day's end nothing keeps a session from being back. */
const LAST_FAULT_MS = DAY_MS - 15 * MINUTE;
/** Nor does one begin before everybody is logged in. */
const FIRST_FAULT_MS = 5 * MINUTE;

/** One kind of day. */
export interface Scenario {
  readonly name: string;
  /** Draws one such day. */
  readonly draw: (random: SeededRandom) => Faults;
}

const CALM: Faults = { cuts: [], outages: [], sleeps: [], throttled: false };

/** The days that are simulated. They begin at nine in the morning. */
export const SCENARIOS: readonly Scenario[] = [
  { name: 'calm day', draw: () => CALM },
  { name: 'flaky network', draw: (random) => ({ ...CALM, cuts: flakyNetwork(random) }) },
  { name: 'token server outages', draw: (random) => ({ ...CALM, outages: outages(random) }) },
  { name: 'laptop user', draw: (random) => ({ ...CALM, ...laptop(random) }) },
  { name: 'background tab', draw: () => ({ ...CALM, throttled: true }) },
  { name: 'all together', draw: allTogether },
];

/** Every 25 minutes or so a short cut, three long ones, and a few minutes of the link going up and down. */
function flakyNetwork(random: SeededRandom): Cut[] {
  const cuts: Cut[] = [];
  for (let from = random.between(0, 50 * MINUTE); from < DAY_MS; from += random.between(MINUTE, 50 * MINUTE)) {
    cuts.push(cut(random, from, random.mostlyShort(2 * SECOND, 3 * MINUTE)));
  }
  for (let long = 0; long < 3; long += 1) {
    cuts.push(cut(random, random.between(0, DAY_MS), random.mostlyShort(3 * MINUTE, 40 * MINUTE)));
  }
  for (let burst = 0; burst < 2; burst += 1) cuts.push(...flapping(random, random.between(0, DAY_MS)));
  return apart(cuts);
}

/** Three seconds there, three seconds gone, for one to ten minutes. */
function flapping(random: SeededRandom, begin: number): Cut[] {
  const times = Math.round(random.between(MINUTE, 10 * MINUTE) / (6 * SECOND));
  return Array.from({ length: times }, (_, nth) => cut(random, begin + nth * 6 * SECOND, 3 * SECOND));
}

function cut(random: SeededRandom, from: number, lengthMs: number): Cut {
  return { from, to: from + lengthMs, kind: random.pick(['offline', 'silent']) };
}

/** Two to four outages of 5 minutes to 2 hours. */
function outages(random: SeededRandom): Outage[] {
  const kind = (): Outage['kind'] => random.pick(['unavailable', 'refused', 'hanging']);
  const all = Array.from({ length: random.between(2, 4) }, (): Outage => {
    const from = random.between(0, DAY_MS);
    return { from, to: from + random.mostlyShort(5 * MINUTE, 2 * HOUR), kind: kind() };
  });
  return apart(all);
}

/** Closed over lunch, at night, and now and then for some minutes; the network is back one to eight seconds after the machine. */
function laptop(random: SeededRandom): { sleeps: Span[]; cuts: Cut[] } {
  const lunch = random.between(3 * HOUR, 4 * HOUR);
  const night = random.between(13 * HOUR, 15 * HOUR);
  const short = Array.from({ length: 4 }, () => random.between(0, 12 * HOUR));
  const sleeps = merge(
    apart([
      { from: lunch, to: lunch + random.between(30 * MINUTE, 90 * MINUTE) },
      { from: night, to: night + random.between(6 * HOUR, 8 * HOUR) },
      ...short.map((from) => ({ from, to: from + random.mostlyShort(MINUTE, 40 * MINUTE) })),
    ]),
  );
  const cuts = sleeps.map(
    ({ to }): Cut => ({ from: to, to: to + random.between(SECOND, 8 * SECOND), kind: 'offline' }),
  );
  return { sleeps, cuts };
}

function allTogether(random: SeededRandom): Faults {
  const { sleeps, cuts } = laptop(random);
  return { sleeps, cuts: apart([...cuts, ...flakyNetwork(random)]), outages: outages(random), throttled: true };
}

/** Keeps faults inside the time that is theirs, and of those that overlap the one that begins first. */
function apart<Fault extends Span>(faults: readonly Fault[]): Fault[] {
  const kept: Fault[] = [];
  for (const fault of faults.toSorted((left, right) => left.from - right.from)) {
    const to = Math.min(fault.to, LAST_FAULT_MS);
    const from = Math.max(fault.from, kept.at(-1)?.to ?? 0, FIRST_FAULT_MS);
    if (to - from >= SECOND) kept.push({ ...fault, from, to });
  }
  return kept;
}

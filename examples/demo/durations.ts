/** How long something took: `0.2 s`, `14 s`, `3 min 20 s`. */
export function took(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 1) return `${Math.max(0.01, seconds).toFixed(2)} s`;
  return seconds < 10 ? `${seconds.toFixed(1)} s` : span(Math.round(seconds));
}

/** How long something is away, in whole seconds and never less than what is left. */
export function countdown(ms: number): string {
  return span(Math.max(0, Math.ceil(ms / 1000)));
}

/** Seconds, minutes or hours, whichever says it best: `30 s`, `2 min`, `1 h 5 min`. */
export function span(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = hours > 0 ? 0 : seconds % 60;
  const parts = [hours > 0 && `${hours} h`, minutes > 0 && `${minutes} min`, rest > 0 && `${rest} s`];
  return parts.filter(Boolean).join(' ');
}

/** The time of day. */
export function timeOf(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB');
}

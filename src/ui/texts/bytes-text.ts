import type { Texts } from './en.ts';

/** A size: “24 MB”, “2.13 GB”. One MB is 10⁶ bytes. */
export function bytesText({ fixed }: Texts['numbers'], bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  if (bytes < 1e9) return `${bytes < 1e7 ? fixed(bytes / 1e6, 1) : Math.round(bytes / 1e6)} MB`;
  return `${fixed(bytes / 1e9, 2)} GB`;
}

/** About how long something takes: “40 s”, “2 min 52 s”, from ten minutes on “12 min”, “3 h 10 min”. */
export function durationText(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 600)
    return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

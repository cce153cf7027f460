import type { Texts } from './en.ts';

/** A size: “24 MB”, “2.13 GB”. One MB is 10⁶ bytes. */
export function bytesText({ fixed }: Texts['numbers'], bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  if (bytes < 1e9) return `${bytes < 1e7 ? fixed(bytes / 1e6, 1) : Math.round(bytes / 1e6)} MB`;
  return `${fixed(bytes / 1e9, 2)} GB`;
}

/** About how long something takes: “40 s”, “12 min”, “3 h 10 min”. */
export function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Milliseconds over which the speed is taken. */
const WINDOW_MS = 5_000;
/** Seconds below which the speed is not known yet. */
const SHORTEST_SECONDS = 0.5;

/**
 * Measures a download.
 * @param now gives milliseconds
 * @returns what is told the bytes loaded so far, and gives bytes per second, or null while it is too early to tell
 */
export function createSpeedometer(now: () => number): (loadedBytes: number) => number | null {
  const samples: { readonly at: number; readonly loadedBytes: number }[] = [];
  return (loadedBytes) => {
    const last = { at: now(), loadedBytes };
    samples.push(last);
    let first = samples[0] ?? last;
    while (samples.length > 2 && last.at - first.at > WINDOW_MS) {
      samples.shift();
      first = samples[0] ?? last;
    }
    const seconds = (last.at - first.at) / 1000;
    return seconds >= SHORTEST_SECONDS ? Math.max(0, loadedBytes - first.loadedBytes) / seconds : null;
  };
}

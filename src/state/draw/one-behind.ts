/** Runs one behind a pen: at most one goes on and one waits, which is the newest. */
export interface OneBehind<Wanted> {
  /** Asks for a run in the place of any that waits; one that goes on is stopped. */
  ask(wanted: Wanted): void;
  /** Stops what goes on because others have to run first: it is begun again by `resume`, unless a newer one is asked for. */
  hold(): void;
  /** Begins what waits, now that nothing has to run first. */
  resume(): void;
  /** Ends what goes on, and forgets what waits. */
  stop(): void;
}

/**
 * @param run does what is wanted, and resolves when it is over, however it ended; once `signal` is aborted nobody wants its result, and
 * once `end` is, nothing comes after it that has use for what it has loaded
 * @param mayRun whether nothing else has to run first
 */
export function oneBehind<Wanted>(
  run: (wanted: Wanted, signal: AbortSignal, end: AbortSignal) => Promise<unknown>,
  mayRun: () => boolean,
): OneBehind<Wanted> {
  let running: {
    readonly wanted: Wanted;
    readonly abort: AbortController;
    readonly end: AbortController;
  } | null = null;
  let waiting: { readonly wanted: Wanted } | null = null;

  const next = () => {
    if (running || !waiting || !mayRun()) return;
    const { wanted } = waiting;
    const [abort, end] = [new AbortController(), new AbortController()];
    running = { wanted, abort, end };
    waiting = null;
    const over = () => {
      running = null;
      next();
    };
    run(wanted, abort.signal, end.signal).then(over, over);
  };
  return {
    ask(wanted) {
      waiting = { wanted };
      running?.abort.abort();
      next();
    },
    hold() {
      if (!running || running.abort.signal.aborted) return;
      waiting ??= { wanted: running.wanted };
      running.abort.abort();
    },
    resume: next,
    stop() {
      waiting = null;
      running?.abort.abort();
      running?.end.abort();
    },
  };
}

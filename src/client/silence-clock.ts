/**
 * Runs out when a call has been silent for too long. Each call has its own: that another one is answered says nothing of it.
 * While a call waits for another one its clock stands.
 */
export class SilenceClock {
  readonly #ms: number;
  readonly #onSilence: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** How many things the call waits for. */
  #waiting = 0;

  /** It runs at once. */
  constructor(ms: number, onSilence: () => void) {
    this.#ms = ms;
    this.#onSilence = onSilence;
    this.restart();
  }

  /** As at first: the call waits for nothing. */
  begin(): void {
    this.#waiting = 0;
    this.restart();
  }

  restart(): void {
    this.stop();
    if (this.#waiting === 0) this.#timer = setTimeout(this.#onSilence, this.#ms);
  }

  /** The call waits for one thing more, or for one less. */
  wait(isWaiting: boolean): void {
    this.#waiting += isWaiting ? 1 : -1;
    this.restart();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

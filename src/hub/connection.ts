/** A request that failed, and may go well when it is sent again. `pauseMs` is the pause the server asks for. */
export class RetryableError extends Error {
  readonly status: string;
  readonly pauseMs: number;

  constructor(status: string, pauseMs = 0, options?: ErrorOptions) {
    super(status, options);
    this.status = status;
    this.pauseMs = pauseMs;
  }
}

/** Without as many bytes as LEAST_BYTES, until a connection is given up. */
export const STALL_MS = 30_000;
/** A kilobyte a second: a model that comes more slowly does not come at all. */
export const LEAST_BYTES = 30_000;
/** As long as a server may make us wait. */
export const LONGEST_PAUSE_MS = 60_000;

/**
 * One request and its answer, given up where hardly anything arrives. Whatever is thrown by our own code, on the way or in
 * between, stays what it is. To be closed.
 */
export class Connection {
  readonly #stop: AbortSignal;
  readonly #slow = new AbortController();
  readonly #clock: ReturnType<typeof setInterval>;
  #bytes = 0;

  constructor(stop: AbortSignal, stallMs = STALL_MS) {
    this.#stop = stop;
    this.#clock = setInterval(() => {
      if (this.#bytes < LEAST_BYTES) this.#slow.abort();
      this.#bytes = 0;
    }, stallMs);
  }

  /** Nothing is sent along but what `init` says. @throws RetryableError where there is no answer; AbortError */
  async fetch(url: URL, init: RequestInit): Promise<Response> {
    const signal = AbortSignal.any([this.#stop, this.#slow.signal]);
    // What cannot be a request is a mistake of ours, not the network's.
    const request = new Request(url, {
      ...{ signal, cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer' },
      ...init,
    });
    try {
      return await fetch(request);
    } catch (cause) {
      throw this.#lost('no-response', cause);
    }
  }

  /**
   * A body as it arrives. WebKit's streams cannot be iterated, so a reader takes it. Leaving the loop ends the request.
   * @throws RetryableError where it breaks off; AbortError
   */
  async *chunks({ body }: Response): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    if (!body) return;
    const reader = body.getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read().catch((cause: unknown) => {
          throw this.#lost('connection-lost', cause);
        });
        if (done) return;
        this.#bytes += value.length;
        yield value;
      }
    } finally {
      // What has broken off cannot be cancelled.
      await reader.cancel().catch(() => {});
    }
  }

  /** All of a body. @throws RetryableError where it breaks off; AbortError */
  async blob(response: Response, onBytes: (bytes: number) => void = () => {}): Promise<Blob> {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for await (const chunk of this.chunks(response)) {
      parts.push(chunk);
      onBytes(chunk.length);
    }
    return new Blob(parts);
  }

  /**
   * The text of a body, up to so many bytes: what comes after them is not waited for.
   * @throws RetryableError where it breaks off; AbortError
   */
  async text(response: Response, most: number): Promise<string> {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let bytes = 0;
    for await (const chunk of this.chunks(response)) {
      parts.push(chunk);
      bytes += chunk.length;
      if (bytes >= most) break;
    }
    return new Blob(parts).text();
  }

  close(): void {
    clearInterval(this.#clock);
  }

  #lost(status: 'no-response' | 'connection-lost', cause: unknown): RetryableError {
    this.#stop.throwIfAborted();
    const isSlow = this.#slow.signal.aborted && status === 'connection-lost';
    return new RetryableError(isSlow ? 'too-slow' : status, 0, { cause });
  }
}

/**
 * The pause that a server asks for (RFC 9110, 10.2.3): seconds, or a date by its clock, compared with ours. Bounded, for a
 * clock that is wrong. 0 where it says nothing, or nothing that a page may read.
 */
export function retryAfterMs(headers: Headers): number {
  const value = headers.get('retry-after')?.trim() ?? '';
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Math.min(Math.max(ms || 0, 0), LONGEST_PAUSE_MS);
}

/** @throws AbortError */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      clearTimeout(clock);
      reject(signal.reason);
    };
    const clock = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}

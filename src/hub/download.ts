import { AppError } from '../protocol/errors.ts';
import { type ContentHash, contentHash } from './content-hash.ts';
import type { Part } from './store.ts';

/** A file to be fetched, and how to know it. */
export interface Wanted {
  readonly url: URL;
  /** What errors call it. */
  readonly path: string;
  readonly size: number;
  /** sha256 or git's sha1 of the content (content-hash.ts). */
  readonly oid: string;
  /** For repositories that ask who comes. */
  readonly token: string | null;
}

export interface DownloadOptions {
  readonly signal: AbortSignal;
  /** Hears how many bytes there are, of those that were there before too. */
  readonly onBytes: (loaded: number) => void;
  /** Hears that the server is asked again in so many seconds. */
  readonly onWait: (seconds: number) => void;
  readonly patience?: Patience;
}

/** How long a server is waited for. */
export interface Patience {
  /** Without a byte, until the connection is given up. */
  readonly stallMs: number;
  /** The first pause before asking again; each one after is twice as long. */
  readonly pauseMs: number;
  /** Askings in a row that brought nothing. */
  readonly attempts: number;
}

const PATIENCE: Patience = { stallMs: 30_000, pauseMs: 500, attempts: 7 };
const LONGEST_PAUSE_MS = 60_000;
const READ_BYTES = 4 * 2 ** 20;

/** A fault that another request may mend. `pauseMs` is what the server asks for. */
class Passing extends Error {
  readonly status: string;
  readonly pauseMs: number;

  constructor(status: string, pauseMs = 0, options?: ErrorOptions) {
    super(status, options);
    this.status = status;
    this.pauseMs = pauseMs;
  }
}

/**
 * Fetches what is missing of a file, from the byte where `part` ends (RFC 9110, Range), hashing all of it, until it is
 * whole and right. Asks again after a lost connection, an expired address, too many requests (429), a server's fault
 * (5xx). Whatever it throws, what has arrived stays, unless it was wrong.
 * @throws AppError download-failed, repo-gated, corrupt-file, storage-full; AbortError
 */
export async function download(wanted: Wanted, part: Part, options: DownloadOptions): Promise<void> {
  const { signal, onBytes, onWait, patience = PATIENCE } = options;
  if (part.size > wanted.size) part.clear();
  let hash = await hashOf(wanted, part);
  let isSecondTry = false;
  for (let failures = 0; ; ) {
    const before = part.size;
    onBytes(before);
    if (before === wanted.size) {
      const found = hash.digest();
      if (found === wanted.oid) return;
      part.clear();
      if (isSecondTry) throw corrupt(wanted, shortHash(wanted.oid), shortHash(found));
      isSecondTry = true;
      hash = await contentHash(wanted.oid, wanted.size);
    }
    try {
      await fetchRest(wanted, part, hash, { signal, onBytes, stallMs: patience.stallMs });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Passing)) throw error;
      failures = part.size > before ? 0 : failures + 1;
      if (failures >= patience.attempts) throw failed(wanted, error.status, { cause: error });
      if (part.size === 0) hash = await contentHash(wanted.oid, wanted.size);
      const pauseMs = Math.max(error.pauseMs, patience.pauseMs * 2 ** failures);
      onWait(pauseMs / 1000);
      await pause(Math.min(pauseMs, LONGEST_PAUSE_MS), signal);
    }
  }
}

async function hashOf({ oid, size }: Wanted, part: Part): Promise<ContentHash> {
  const hash = await contentHash(oid, size);
  for (let offset = 0; offset < part.size; offset += READ_BYTES) hash.update(part.read(offset, READ_BYTES));
  return hash;
}

/** One request, and its body appended. @throws Passing when the file is not whole afterwards */
async function fetchRest(
  wanted: Wanted,
  part: Part,
  hash: ContentHash,
  { signal, onBytes, stallMs }: { signal: AbortSignal; onBytes(loaded: number): void; stallMs: number },
): Promise<void> {
  const stalled = new AbortController();
  let clock = setTimeout(() => stalled.abort(), stallMs);
  try {
    const response = await request(wanted, part.size, AbortSignal.any([signal, stalled.signal]));
    if (part.size > 0 && !continues(response, part.size)) {
      part.clear();
      throw new Passing('the server began anew');
    }
    if (!response.body) throw new Passing('an empty answer');
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      clearTimeout(clock);
      clock = setTimeout(() => stalled.abort(), stallMs);
      if (part.size + chunk.length > wanted.size)
        throw corrupt(wanted, `${wanted.size} bytes`, `at least ${part.size + chunk.length}`);
      part.append(chunk);
      hash.update(chunk);
      onBytes(part.size);
    }
  } catch (cause) {
    const isWrong = cause instanceof AppError && cause.code === 'corrupt-file';
    const isPastEnd = cause instanceof Passing && cause.status === '416';
    if (isWrong || isPastEnd) part.clear();
    if (cause instanceof AppError || cause instanceof Passing) throw cause;
    throw new Passing(stalled.signal.aborted ? 'no answer' : 'broken off', 0, { cause });
  } finally {
    clearTimeout(clock);
  }
  if (part.size < wanted.size) throw new Passing('broken off');
}

async function request({ url, path, token, size, oid }: Wanted, from: number, signal: AbortSignal) {
  const response = await fetch(url, {
    headers: {
      // One plain range is a header any server may be sent without asking it first (Fetch, 2.2.2).
      ...(from > 0 && { Range: `bytes=${from}-` }),
      ...(token !== null && { Authorization: `Bearer ${token}` }),
    },
    signal,
    cache: 'no-store',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
  });
  if (response.ok) {
    if (response.headers.get('content-type')?.startsWith('text/html'))
      throw failed({ path, size, oid, url, token }, 'a web page instead of the file');
    return response;
  }
  await response.body?.cancel();
  const status = String(response.status);
  // An address is signed for an hour: when it has expired in the middle, the next request is given a new one.
  const isDenied = response.status === 401 || response.status === 403;
  if (response.status === 416 || response.status === 429 || response.status >= 500 || (isDenied && from > 0))
    throw new Passing(status, retryAfterMs(response.headers));
  if (isDenied) throw new AppError('repo-gated', `${path}: the server answered ${status}.`, { file: path });
  throw failed({ path, size, oid, url, token }, status);
}

/** Whether the answer goes on at this byte; servers that know no ranges send all of it. */
function continues(response: Response, from: number): boolean {
  if (response.status !== 206) return false;
  const range = response.headers.get('content-range');
  return range === null || range.startsWith(`bytes ${from}-`);
}

function retryAfterMs(headers: Headers): number {
  const seconds = Number(headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) ? seconds * 1000 : 0;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const clock = setTimeout(resolve, ms);
    const stop = () => {
      clearTimeout(clock);
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}

const shortHash = (oid: string) => `${oid.length === 40 ? 'git' : 'sha256'} ${oid.slice(0, 12)}…`;

function failed({ path, url }: Wanted, status: string, options?: ErrorOptions): AppError {
  const details = { file: path, url: url.href, status };
  return new AppError('download-failed', `${path} could not be fetched: ${status}.`, details, options);
}

function corrupt({ path }: Wanted, expected: string, found: string): AppError {
  const details = { file: path, expected, found };
  return new AppError('corrupt-file', `${path}: expected ${expected}, found ${found}.`, details);
}

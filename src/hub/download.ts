import { AppError } from '../protocol/errors.ts';
import { type ContentHash, contentHash } from './content-hash.ts';
import { authorization, refusal } from './refusal.ts';
import type { PartialFile } from './store.ts';

/** A file to be downloaded, and how to check it. */
export interface FileRequest {
  readonly url: URL;
  /** Its repository and its path, for errors. */
  readonly repo: string;
  readonly path: string;
  readonly size: number;
  /** The sha256 of its content, or git's sha1 (content-hash.ts). */
  readonly oid: string;
  /** An access token, for gated repositories. */
  readonly token: string | null;
}

/** How a download is stopped, followed and tried again. */
export interface DownloadOptions {
  readonly signal: AbortSignal;
  /** Called with the number of bytes so far, including those of earlier tries. */
  readonly onBytes: (loaded: number) => void;
  /** Called with the seconds until the server is asked again. */
  readonly onWait: (seconds: number) => void;
  readonly retry?: RetryPolicy;
}

/** How long to wait for a server, and how often to ask it again. */
export interface RetryPolicy {
  /** Without a single byte, until the connection is given up. */
  readonly stallMs: number;
  /** The first pause before asking again; each later one is twice as long. */
  readonly pauseMs: number;
  /** Tries in a row that brought nothing, until the download fails. */
  readonly attempts: number;
}

const RETRY_POLICY: RetryPolicy = { stallMs: 30_000, pauseMs: 500, attempts: 7 };
const LONGEST_PAUSE_MS = 60_000;
const READ_BYTES = 4 * 2 ** 20;

/** An error that may be gone when the server is asked again. `pauseMs` is the pause the server asks for. */
class RetryableError extends Error {
  readonly status: string;
  readonly pauseMs: number;

  constructor(status: string, pauseMs = 0, options?: ErrorOptions) {
    super(status, options);
    this.status = status;
    this.pauseMs = pauseMs;
  }
}

/**
 * Downloads the rest of a file, from the byte where `partial` ends (RFC 9110, Range), and checks the hash of all of it. Asks
 * again after a lost connection, an expired address, too many requests (429) or a server error (5xx). Whatever it throws,
 * the bytes that have arrived stay, unless they are wrong.
 * @throws AppError download-failed, repo-gated, repo-not-found, token-refused, corrupt-file, storage-full; AbortError
 */
export async function download(
  file: FileRequest,
  partial: PartialFile,
  options: DownloadOptions,
): Promise<void> {
  const { signal, onBytes, onWait, retry = RETRY_POLICY } = options;
  if (partial.size > file.size) partial.clear();
  let hash = await hashOf(file, partial);
  let isSecondTry = false;
  for (let failures = 0; ; ) {
    const before = partial.size;
    onBytes(before);
    if (before === file.size) {
      const found = hash.digest();
      if (found === file.oid) return;
      partial.clear();
      if (isSecondTry) throw corrupt(file, shortHash(file.oid), shortHash(found));
      isSecondTry = true;
      hash = await contentHash(file.oid, file.size);
    }
    try {
      await fetchRest(file, partial, hash, { signal, onBytes, stallMs: retry.stallMs });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RetryableError)) throw error;
      failures = partial.size > before ? 0 : failures + 1;
      if (failures >= retry.attempts) throw failed(file, error.status, { cause: error });
      if (partial.size === 0) hash = await contentHash(file.oid, file.size);
      const pauseMs = Math.max(error.pauseMs, retry.pauseMs * 2 ** failures);
      onWait(pauseMs / 1000);
      await pause(Math.min(pauseMs, LONGEST_PAUSE_MS), signal);
    }
  }
}

/** A file that is not downloaded: what is asked for is fetched, in a request of its own. */
export interface RemoteFile {
  readonly size: number;
  slice(start: number, end: number): RemoteFile;
  /** @throws AppError download-failed, repo-gated; AbortError */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * @param attempts how often a server is asked that is busy, or whose connection is lost; the pauses are a download's
 * @param stretch of the file's bytes
 */
export function remoteFile(
  file: FileRequest,
  signal: AbortSignal,
  attempts = 1,
  stretch = { start: 0, end: file.size },
): RemoteFile {
  const { start, end } = stretch;
  const within = (at: number) => Math.min(start + at, end);
  const fetchAll = async (failures: number): Promise<ArrayBuffer> => {
    try {
      return await fetchStretch(file, start, end, signal);
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof AppError) throw cause;
      const { status, pauseMs } =
        cause instanceof RetryableError ? cause : new RetryableError('connection-lost');
      if (failures + 1 >= attempts) throw failed(file, status, { cause });
      await pause(Math.max(pauseMs, RETRY_POLICY.pauseMs * 2 ** failures), signal);
      return fetchAll(failures + 1);
    }
  };
  return {
    size: end - start,
    slice: (from, to) => remoteFile(file, signal, attempts, { start: within(from), end: within(to) }),
    arrayBuffer: () => fetchAll(0),
  };
}

/** One try. @throws AppError, RetryableError, and what fetch throws when the connection is lost */
async function fetchStretch(
  file: FileRequest,
  start: number,
  end: number,
  signal: AbortSignal,
): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(end - start);
  if (bytes.length === 0) return bytes.buffer;
  const response = await fetchFrom(file, start, signal, end);
  // A server without support for ranges begins with the first byte.
  let at = start > 0 && !continues(response, start) ? -start : 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    const wanted = chunk.subarray(Math.max(0, -at), Math.max(0, bytes.length - at));
    bytes.set(wanted, Math.max(0, at));
    at += chunk.length;
    // What comes all the same is not waited for: leaving the loop ends the request.
    if (at >= bytes.length) return bytes.buffer;
  }
  throw new RetryableError('connection-lost');
}

async function hashOf({ oid, size }: FileRequest, partial: PartialFile): Promise<ContentHash> {
  const hash = await contentHash(oid, size);
  for (let offset = 0; offset < partial.size; offset += READ_BYTES)
    hash.update(partial.read(offset, READ_BYTES));
  return hash;
}

/** Sends one request, and appends its body. @throws RetryableError when the file isn't complete afterwards; AppError */
async function fetchRest(
  file: FileRequest,
  partial: PartialFile,
  hash: ContentHash,
  { signal, onBytes, stallMs }: { signal: AbortSignal; onBytes(loaded: number): void; stallMs: number },
): Promise<void> {
  const stalled = new AbortController();
  let clock = setTimeout(() => stalled.abort(), stallMs);
  try {
    const response = await fetchFrom(file, partial.size, AbortSignal.any([signal, stalled.signal]));
    if (partial.size > 0 && !continues(response, partial.size)) {
      partial.clear();
      throw new RetryableError('download-restarted');
    }
    if (!response.body) throw new RetryableError('empty-response');
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      clearTimeout(clock);
      clock = setTimeout(() => stalled.abort(), stallMs);
      if (partial.size + chunk.length > file.size)
        throw corrupt(file, `${file.size} bytes`, `at least ${partial.size + chunk.length}`);
      partial.append(chunk);
      hash.update(chunk);
      onBytes(partial.size);
    }
  } catch (cause) {
    const isWrong = cause instanceof AppError && cause.code === 'corrupt-file';
    const isPastEnd = cause instanceof RetryableError && cause.status === '416';
    if (isWrong || isPastEnd) partial.clear();
    if (cause instanceof AppError || cause instanceof RetryableError) throw cause;
    throw new RetryableError(stalled.signal.aborted ? 'no-response' : 'connection-lost', 0, { cause });
  } finally {
    clearTimeout(clock);
  }
  if (partial.size < file.size) throw new RetryableError('connection-lost');
}

/** Asks for the file's bytes from `from` on, up to its end or `end`. @throws AppError download-failed, repo-gated, repo-not-found, token-refused; RetryableError */
async function fetchFrom(
  file: FileRequest,
  from: number,
  signal: AbortSignal,
  end?: number,
): Promise<Response> {
  const { url, token } = file;
  const response = await fetch(url, {
    headers: {
      // A single simple range needs no CORS preflight (Fetch, 2.2.2).
      ...((from > 0 || end !== undefined) && { Range: `bytes=${from}-${end === undefined ? '' : end - 1}` }),
      ...authorization(token),
    },
    signal,
    cache: 'no-store',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
  });
  if (response.ok) {
    if (response.headers.get('content-type')?.startsWith('text/html')) throw failed(file, 'web-page');
    return response;
  }
  const status = String(response.status);
  const isDenied = response.status === 401 || response.status === 403;
  const refused = isDenied ? await refusal(response, file.repo, token) : null;
  if (!isDenied) await response.body?.cancel();
  if (refused?.code === 'token-refused') throw refused;
  // Addresses are signed for an hour. When one has expired in the middle, the next request is redirected to a new one.
  if (response.status === 416 || response.status === 429 || response.status >= 500 || (isDenied && from > 0))
    throw new RetryableError(status, retryAfterMs(response.headers));
  throw refused ?? failed(file, status);
}

/** Whether the response starts at this byte; servers without support for ranges send the whole file. */
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

function failed({ path, url }: FileRequest, status: string, options?: ErrorOptions): AppError {
  const details = { file: path, url: url.href, status };
  return new AppError('download-failed', `${path} could not be downloaded: ${status}.`, details, options);
}

function corrupt({ path }: FileRequest, expected: string, found: string): AppError {
  const details = { file: path, expected, found };
  return new AppError('corrupt-file', `${path}: expected ${expected}, found ${found}.`, details);
}

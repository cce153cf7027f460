import { AppError } from '../protocol/errors.ts';
import { Connection, LEAST_BYTES, LONGEST_PAUSE_MS, pause, RetryableError, STALL_MS } from './connection.ts';
import { type ContentHash, contentHash } from './content-hash.ts';
import { continues, downloadFailed, type FileRequest, requestFile } from './request-file.ts';
import type { PartialFile } from './store.ts';

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
  /** Without as many bytes as LEAST_BYTES, until the connection is given up. */
  readonly stallMs: number;
  /** The first pause before asking again; each later one is twice as long. */
  readonly pauseMs: number;
  /** Tries in a row that brought hardly anything, until the download fails. */
  readonly attempts: number;
}

/** From a server that sends nothing, or drips, a download is given up within six minutes. */
export const RETRY_POLICY: RetryPolicy = { stallMs: STALL_MS, pauseMs: 500, attempts: 7 };
const READ_BYTES = 4 * 2 ** 20;

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
  let hash = partial.hash ?? (await hashOf(file, partial));
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
      hash = partial.hash ?? (await contentHash(file.oid, file.size));
    }
    try {
      await fetchRest(file, partial, hash, { signal, onBytes, stallMs: retry.stallMs });
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      failures = partial.size >= before + LEAST_BYTES ? 0 : failures + 1;
      if (failures >= retry.attempts) throw downloadFailed(file, error.status, { cause: error });
      if (partial.size === 0) hash = partial.hash ?? (await contentHash(file.oid, file.size));
      const pauseMs = Math.max(error.pauseMs, Math.min(retry.pauseMs * 2 ** failures, LONGEST_PAUSE_MS));
      onWait(pauseMs / 1000);
      await pause(pauseMs, signal);
    }
  }
}

async function hashOf({ oid, size }: FileRequest, partial: PartialFile): Promise<ContentHash> {
  const hash = await contentHash(oid, size);
  for (let offset = 0; offset < partial.size; offset += READ_BYTES)
    hash.update(partial.read(offset, READ_BYTES));
  return hash;
}

/**
 * Sends one request, and appends its body.
 * @throws RetryableError when the file isn't complete afterwards; AppError; AbortError
 */
async function fetchRest(
  file: FileRequest,
  partial: PartialFile,
  hash: ContentHash,
  { signal, onBytes, stallMs }: { signal: AbortSignal; onBytes(loaded: number): void; stallMs: number },
): Promise<void> {
  const connection = new Connection(signal, stallMs);
  try {
    const response = await requestFile(file, partial.size, connection);
    if (partial.size > 0 && !continues(response, partial.size)) {
      partial.clear();
      throw new RetryableError('download-restarted');
    }
    if (!response.body) throw new RetryableError('empty-response');
    for await (const chunk of connection.chunks(response)) {
      if (partial.size + chunk.length > file.size)
        throw corrupt(file, `${file.size} bytes`, `at least ${partial.size + chunk.length}`);
      partial.append(chunk);
      if (hash !== partial.hash) hash.update(chunk);
      onBytes(partial.size);
    }
  } catch (error) {
    const isWrong = error instanceof AppError && error.code === 'corrupt-file';
    const isPastEnd = error instanceof RetryableError && error.status === '416';
    if (isWrong || isPastEnd) partial.clear();
    throw error;
  } finally {
    connection.close();
  }
  if (partial.size < file.size) throw new RetryableError('connection-lost');
}

const shortHash = (oid: string) => `${oid.length === 40 ? 'git' : 'sha256'} ${oid.slice(0, 12)}…`;

function corrupt({ path }: FileRequest, expected: string, found: string): AppError {
  const details = { file: path, expected, found };
  return new AppError('corrupt-file', `${path}: expected ${expected}, found ${found}.`, details);
}

import { Connection, pause, RetryableError } from './connection.ts';
import { RETRY_POLICY } from './download.ts';
import { continues, downloadFailed, type FileRequest, requestFile } from './request-file.ts';

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
      if (!(cause instanceof RetryableError)) throw cause;
      if (failures + 1 >= attempts) throw downloadFailed(file, cause.status, { cause });
      await pause(Math.max(cause.pauseMs, RETRY_POLICY.pauseMs * 2 ** failures), signal);
      return fetchAll(failures + 1);
    }
  };
  return {
    size: end - start,
    slice: (from, to) => remoteFile(file, signal, attempts, { start: within(from), end: within(to) }),
    arrayBuffer: () => fetchAll(0),
  };
}

/** One try. @throws AppError, RetryableError, AbortError */
async function fetchStretch(
  file: FileRequest,
  start: number,
  end: number,
  signal: AbortSignal,
): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(end - start);
  if (bytes.length === 0) return bytes.buffer;
  const connection = new Connection(signal);
  try {
    const response = await requestFile(file, start, connection, end);
    // A server without support for ranges begins with the first byte.
    let at = start > 0 && !continues(response, start) ? -start : 0;
    for await (const chunk of connection.chunks(response)) {
      const wanted = chunk.subarray(Math.max(0, -at), Math.max(0, bytes.length - at));
      bytes.set(wanted, Math.max(0, at));
      at += chunk.length;
      // What comes all the same is not waited for: leaving the loop ends the request.
      if (at >= bytes.length) return bytes.buffer;
    }
  } finally {
    connection.close();
  }
  throw new RetryableError('connection-lost');
}

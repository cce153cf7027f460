import { AppError } from '../protocol/errors.ts';
import { type Connection, RetryableError, retryAfterMs } from './connection.ts';
import { authorization, refusal } from './refusal.ts';

/** A file to be downloaded, and how to check it. */
export interface FileRequest {
  readonly url: URL;
  /** Its repository and its path, for errors. */
  readonly repo: string;
  readonly path: string;
  readonly size: number;
  /** The sha256 of its content, or git's sha1 (content-hash.ts). */
  readonly oid: string;
  /** An access token for the address's own server, for gated repositories. */
  readonly token: string | null;
}

/**
 * Asks for the file's bytes from `from` on, up to its end or `end`.
 * @throws AppError download-failed, repo-gated, repo-not-found, token-refused; RetryableError; AbortError
 */
export async function requestFile(
  file: FileRequest,
  from: number,
  connection: Connection,
  end?: number,
): Promise<Response> {
  const { url, token } = file;
  const response = await connection.fetch(url, {
    headers: {
      // A single simple range needs no CORS preflight (Fetch, 2.2.2).
      ...((from > 0 || end !== undefined) && { Range: `bytes=${from}-${end === undefined ? '' : end - 1}` }),
      // Sent on to a server of another origin, a request loses this header (Fetch, 4.4, HTTP-redirect fetch).
      ...authorization(token, url),
    },
  });
  if (response.ok) {
    if (response.headers.get('content-type')?.startsWith('text/html')) throw downloadFailed(file, 'web-page');
    return response;
  }
  const status = String(response.status);
  const isDenied = response.status === 401 || response.status === 403;
  const refused = isDenied ? await refusal(response, file.repo, token, connection) : null;
  if (!isDenied) await response.body?.cancel();
  if (refused?.code === 'token-refused') throw refused;
  // Addresses are signed for an hour. When one has expired in the middle, the next request is redirected to a new one.
  if (response.status === 416 || response.status === 429 || response.status >= 500 || (isDenied && from > 0))
    throw new RetryableError(status, retryAfterMs(response.headers));
  throw refused ?? downloadFailed(file, status);
}

/** Whether the response starts at this byte; servers without support for ranges send the whole file. */
export function continues(response: Response, from: number): boolean {
  if (response.status !== 206) return false;
  const range = response.headers.get('content-range');
  return range === null || range.startsWith(`bytes ${from}-`);
}

export function downloadFailed({ path, url }: FileRequest, status: string, options?: ErrorOptions): AppError {
  const details = { file: path, url: url.href, status };
  return new AppError('download-failed', `${path} could not be downloaded: ${status}.`, details, options);
}

import { AppError } from '../protocol/errors.ts';
import { Connection, RetryableError } from './connection.ts';

/** A file of a bundled model, as its manifest lists it. */
export interface FileEntry {
  /** Relative to the repository's root. */
  readonly path: string;
  readonly size: number;
  /** In lower-case hexadecimal digits. */
  readonly sha256: string;
}

/**
 * Downloads a file and checks it.
 * @param onBytes called with the number of bytes that have just arrived
 * @throws AppError download-failed; corrupt-file when it isn't the file in the manifest
 */
export async function fetchFile(
  baseUrl: string,
  entry: FileEntry,
  onBytes: (bytes: number) => void,
): Promise<Blob> {
  const blob = await fetchModelUrl(new URL(entry.path, baseUrl), entry.path, onBytes);
  const corrupt = (expected: string, found: string): AppError =>
    new AppError('corrupt-file', `${entry.path}: expected ${expected}, found ${found}.`, {
      file: entry.path,
      expected,
      found,
    });
  if (blob.size !== entry.size) throw corrupt(`${entry.size} bytes`, `${blob.size} bytes`);
  // Browsers only hash on https and localhost; elsewhere the size is all that is checked.
  const sha256 = globalThis.isSecureContext === false ? entry.sha256 : await digest(blob);
  if (sha256 !== entry.sha256)
    throw corrupt(`sha256 ${entry.sha256.slice(0, 12)}…`, `${sha256.slice(0, 12)}…`);
  return blob;
}

/**
 * Fetches a file of the page's own server. Some servers answer unknown paths with a web page: that counts as an error.
 * @param file its name in errors
 * @param onBytes called with the number of bytes that have just arrived
 * @throws AppError download-failed
 */
export async function fetchModelUrl(
  url: URL,
  file: string,
  onBytes?: (bytes: number) => void,
): Promise<Blob> {
  const failed = (status: string, options?: ErrorOptions): AppError =>
    new AppError(
      'download-failed',
      `${file} could not be downloaded: ${status}.`,
      { file, url: url.href, status },
      options,
    );
  const connection = new Connection(new AbortController().signal);
  try {
    // The server is asked whether a cached copy is up to date: otherwise a damaged file would stay after its repair.
    const response = await connection.fetch(url, { cache: 'no-cache', credentials: 'same-origin' });
    if (!response.ok) throw failed(String(response.status));
    if (response.headers.get('content-type')?.startsWith('text/html')) throw failed('web-page');
    return await connection.blob(response, onBytes);
  } catch (cause) {
    throw cause instanceof RetryableError ? failed(cause.status, { cause }) : cause;
  } finally {
    connection.close();
  }
}

async function digest(blob: Blob): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

import { AppError } from '../protocol/errors.ts';

/** A file of a model as its manifest promises it. */
export interface FileEntry {
  /** From the repository's root. */
  readonly path: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/**
 * One file, checked. `onBytes` hears how many more have arrived.
 * @throws AppError download-failed when it does not come, corrupt-file when it is not what was promised
 */
export async function fetchFile(
  baseUrl: string,
  entry: FileEntry,
  onBytes: (bytes: number) => void,
): Promise<Blob> {
  const response = await fetchModelUrl(new URL(entry.path, baseUrl), entry.path);
  const counter = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      onBytes(chunk.length);
      controller.enqueue(chunk);
    },
  });
  const blob = await new Response(response.body?.pipeThrough(counter)).blob().catch((cause: unknown) => {
    throw new AppError(
      'download-failed',
      `${entry.path} stopped arriving.`,
      { file: entry.path, status: 'broken off' },
      { cause },
    );
  });
  const corrupt = (expected: string, found: string): AppError =>
    new AppError('corrupt-file', `${entry.path}: expected ${expected}, found ${found}.`, {
      file: entry.path,
      expected,
      found,
    });
  if (blob.size !== entry.size) throw corrupt(`${entry.size} bytes`, `${blob.size} bytes`);
  // Browsers hash only on https and localhost: elsewhere the size must do.
  const sha256 = globalThis.isSecureContext === false ? entry.sha256 : await digest(blob);
  if (sha256 !== entry.sha256)
    throw corrupt(`sha256 ${entry.sha256.slice(0, 12)}…`, `${sha256.slice(0, 12)}…`);
  return blob;
}

/** A response that is a model's file: not an error, and not the page a server answers for unknown paths. */
export async function fetchModelUrl(url: URL, file: string): Promise<Response> {
  const failed = (status: string, options?: ErrorOptions): AppError =>
    new AppError(
      'download-failed',
      `${file} could not be fetched: ${status}.`,
      { file, url: url.href, status },
      options,
    );
  // Ask the server whether a cached copy is still right: a damaged one must not survive its repair.
  const response = await fetch(url, { cache: 'no-cache' }).catch((cause: unknown) => {
    throw failed('no answer', { cause });
  });
  if (!response.ok) throw failed(String(response.status));
  if (response.headers.get('content-type')?.startsWith('text/html'))
    throw failed('a web page instead of the file');
  return response;
}

async function digest(blob: Blob): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

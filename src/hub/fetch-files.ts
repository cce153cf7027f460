import type { DownloadProgress } from '../protocol/models.ts';
import { download, type Wanted } from './download.ts';
import type { BlobStore } from './store.ts';

/** Files that arrive at once: more of them only share the same line. */
const ABREAST = 3;

/** How a tab tells the others what it has of a file. */
interface Heard {
  readonly oid: string;
  readonly loaded: number;
}

export interface FetchOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DownloadProgress) => void;
}

/** The lock of a file: whoever holds it may write the file. */
export const fileLock = (oid: string) => `safelight.file.${oid}`;

/**
 * Brings files into the store, what is missing of them. A file that another tab is fetching is waited for, and that
 * tab's progress is reported.
 * @throws AppError as download does; AbortError. Files that are whole by then stay.
 */
export async function fetchFiles(
  store: BlobStore,
  wanted: readonly Wanted[],
  { signal, onProgress }: FetchOptions,
): Promise<void> {
  const distinct = [...new Map(wanted.map((file) => [file.oid, file])).values()];
  const totalBytes = distinct.reduce((sum, { size }) => sum + size, 0);
  const loaded = new Map<string, number>();
  for (const { oid } of distinct) loaded.set(oid, await store.sizeOf(oid));
  let waitSeconds: number | null = null;
  const report = () => {
    const loadedBytes = [...loaded.values()].reduce((sum, bytes) => sum + bytes, 0);
    onProgress({ loadedBytes, totalBytes, waitSeconds });
  };
  const hear = (oid: string, bytes: number, wait: number | null = null) => {
    loaded.set(oid, bytes);
    waitSeconds = wait;
    report();
  };

  const tabs = new BroadcastChannel('safelight.downloads');
  tabs.onmessage = ({ data }: MessageEvent<Heard>) => {
    if (loaded.has(data.oid)) hear(data.oid, data.loaded);
  };
  const failure = new AbortController();
  const stop = AbortSignal.any([signal, failure.signal]);
  const fetchOne = (file: Wanted) =>
    navigator.locks.request(fileLock(file.oid), { signal: stop }, () =>
      fetchInto(store, file, stop, (bytes, wait) => {
        hear(file.oid, bytes, wait);
        tabs.postMessage({ oid: file.oid, loaded: bytes } satisfies Heard);
      }),
    );
  try {
    report();
    const queue = distinct.values();
    const lane = async () => {
      for (const file of queue) await fetchOne(file);
    };
    await Promise.all(
      Array.from({ length: ABREAST }, () =>
        lane().catch((error: unknown) => {
          failure.abort(error);
          throw error;
        }),
      ),
    );
  } catch (error) {
    signal.throwIfAborted();
    throw failure.signal.aborted ? failure.signal.reason : error;
  } finally {
    tabs.close();
  }
}

async function fetchInto(
  store: BlobStore,
  file: Wanted,
  signal: AbortSignal,
  onBytes: (loaded: number, waitSeconds: number | null) => void,
): Promise<void> {
  if (await store.find(file.oid)) return onBytes(file.size, null);
  const part = await store.openPart(file.oid);
  try {
    await download(file, part, {
      signal,
      onBytes: (loaded) => onBytes(loaded, null),
      onWait: (seconds) => onBytes(part.size, seconds),
    });
  } catch (error) {
    part.close();
    throw error;
  }
  await part.finish(file.oid);
}

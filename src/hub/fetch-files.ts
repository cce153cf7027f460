import type { DownloadProgress } from '../protocol/models.ts';
import { ownName } from '../protocol/root.ts';
import { openTabChannel } from '../protocol/tab-channel.ts';
import { download } from './download.ts';
import { inTurn, type TurnOptions } from './in-turn.ts';
import type { FileRequest } from './request-file.ts';
import type { BlobStore } from './store.ts';

/** Files downloaded at once; more would only share the same connection. */
const CONCURRENT_DOWNLOADS = 3;

/** What a tab tells the others about a file it is downloading. */
interface FileProgress {
  readonly oid: string;
  readonly loaded: number;
}

/** How fetching several files is stopped and followed. */
export interface FetchOptions extends TurnOptions {
  readonly onProgress: (progress: DownloadProgress) => void;
}

/** The name of a file's lock: whoever holds it may write the file. */
export const fileLock = (oid: string) => ownName(`file.${oid}`);

/**
 * Downloads what is missing of files into the store. A file that another tab is downloading is waited for, and that tab's
 * progress is reported.
 * @throws AppError download-failed, repo-gated, repo-not-found, token-refused, corrupt-file, storage-full; AbortError. Complete
 * files stay.
 */
export async function fetchFiles(
  store: BlobStore,
  requests: readonly FileRequest[],
  { signal, waits, onProgress }: FetchOptions,
): Promise<void> {
  const distinct = [...new Map(requests.map((file) => [file.oid, file])).values()];
  const totalBytes = distinct.reduce((sum, { size }) => sum + size, 0);
  const loaded = new Map<string, number>();
  for (const { oid } of distinct) loaded.set(oid, await store.sizeOf(oid));
  let waitSeconds: number | null = null;
  const report = () => {
    const loadedBytes = [...loaded.values()].reduce((sum, bytes) => sum + bytes, 0);
    onProgress({ loadedBytes, totalBytes, waitSeconds });
  };
  const note = (oid: string, bytes: number, wait: number | null = null) => {
    loaded.set(oid, bytes);
    waitSeconds = wait;
    report();
  };

  const tabs = openTabChannel<FileProgress>(ownName('downloads'));
  tabs.onTold((file) => {
    if (loaded.has(file.oid)) note(file.oid, file.loaded);
  });
  // When one file fails, the others are stopped too.
  const failure = new AbortController();
  const stop = AbortSignal.any([signal, failure.signal]);
  const fetchOne = (file: FileRequest) =>
    inTurn(fileLock(file.oid), { signal: stop, waits }, () =>
      fetchInto(store, file, stop, (bytes, wait) => {
        note(file.oid, bytes, wait);
        tabs.tell({ oid: file.oid, loaded: bytes });
      }),
    );
  try {
    report();
    const queue = distinct.values();
    const downloadNext = async () => {
      for (const file of queue) await fetchOne(file);
    };
    await Promise.all(
      Array.from({ length: CONCURRENT_DOWNLOADS }, () =>
        downloadNext().catch((error: unknown) => {
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

/** Downloads one file into the store, unless it is there. */
async function fetchInto(
  store: BlobStore,
  file: FileRequest,
  signal: AbortSignal,
  onBytes: (loaded: number, waitSeconds: number | null) => void,
): Promise<void> {
  if (await store.find(file.oid)) return onBytes(file.size, null);
  const partial = await store.openPartial(file.oid);
  try {
    await download(file, partial, {
      signal,
      onBytes: (loaded) => onBytes(loaded, null),
      onWait: (seconds) => onBytes(partial.size, seconds),
    });
  } catch (error) {
    partial.close();
    throw error;
  }
  await partial.finish(file.oid);
}

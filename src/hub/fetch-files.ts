import type { DownloadProgress } from '../protocol/models.ts';
import { ownName } from '../protocol/root.ts';
import { openTabChannel } from '../protocol/tab-channel.ts';
import { type Derivation, openDerived } from './derived-file.ts';
import { download } from './download.ts';
import { inTurn, type TurnOptions } from './in-turn.ts';
import type { FileRequest } from './request-file.ts';
import type { BlobStore } from './store.ts';

/** Files downloaded at once; more would only share the same connection. */
const CONCURRENT_DOWNLOADS = 3;

/** A file to be downloaded, and what is kept of it where that is not the file. */
export interface KeptRequest extends FileRequest {
  readonly derived?: { readonly name: string; readonly derivation: Derivation };
}

/** The name in the store of what is kept. */
const nameOf = ({ oid, derived }: KeptRequest) => derived?.name ?? oid;

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
  requests: readonly KeptRequest[],
  { signal, waits, onProgress }: FetchOptions,
): Promise<void> {
  const distinct = [...new Map(requests.map((file) => [nameOf(file), file])).values()];
  const totalBytes = distinct.reduce((sum, { size }) => sum + size, 0);
  const loaded = new Map<string, number>();
  for (const name of distinct.map(nameOf)) loaded.set(name, await store.sizeOf(name));
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
  const fetchOne = (file: KeptRequest) =>
    inTurn(fileLock(nameOf(file)), { signal: stop, waits }, () =>
      fetchInto(store, file, stop, (bytes, wait) => {
        note(nameOf(file), bytes, wait);
        tabs.tell({ oid: nameOf(file), loaded: bytes });
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
  file: KeptRequest,
  signal: AbortSignal,
  onBytes: (loaded: number, waitSeconds: number | null) => void,
): Promise<void> {
  const name = nameOf(file);
  if (await store.find(name)) return onBytes(file.size, null);
  const { derived } = file;
  const partial = await (derived ? openDerived(store, name, derived.derivation) : store.openPartial(name));
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
  await partial.finish(name);
}

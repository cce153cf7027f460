import { ownName } from '../protocol/root.ts';
import { sha256Hash } from './content-hash.ts';
import { inTurn, type TurnOptions } from './in-turn.ts';
import type { BlobStore } from './store.ts';

const READ_BYTES = 8 * 2 ** 20;

/**
 * Writes a new file into the store, under the sha256 of its content. That name is known only at the end, so until then the
 * file is called `task`, and only one such task runs at a time, in all tabs.
 * @param write appends the file's bytes
 * @throws AppError storage-full; AbortError; what `write` throws. The unfinished file is deleted.
 */
export async function writeBlob(
  store: BlobStore,
  task: string,
  turn: TurnOptions,
  write: (append: (bytes: Uint8Array) => void) => Promise<void>,
): Promise<{ readonly oid: string; readonly size: number }> {
  return inTurn(ownName(task), turn, async () => {
    const partial = await store.openPartial(task);
    partial.clear();
    try {
      const hash = await sha256Hash();
      await write((bytes) => {
        hash.update(bytes);
        partial.append(bytes);
      });
      const [oid, size] = [hash.digest(), partial.size];
      if (!(await store.find(oid))) await partial.finish(oid);
      else {
        // What is here already may be in use.
        partial.close();
        await store.remove(task);
      }
      return { oid, size };
    } catch (error) {
      partial.close();
      // Why it failed matters more; what stays is overwritten by the next such task.
      await store.remove(task).catch(() => {});
      throw error;
    }
  });
}

/**
 * Copies a file from disk into the store.
 * @param onBytes called with the number of bytes copied so far
 * @returns the sha256 of its content, the file's name in the store
 * @throws AppError storage-full; AbortError. The unfinished file is deleted.
 */
export async function importBlob(
  store: BlobStore,
  file: Blob,
  { onBytes, ...turn }: TurnOptions & { onBytes: (loaded: number) => void },
): Promise<string> {
  const { oid } = await writeBlob(store, 'import', turn, async (append) => {
    for (let start = 0; start < file.size; start += READ_BYTES) {
      turn.signal.throwIfAborted();
      const bytes = new Uint8Array(await file.slice(start, start + READ_BYTES).arrayBuffer());
      append(bytes);
      onBytes(start + bytes.length);
    }
  });
  return oid;
}

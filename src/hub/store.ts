import { AppError } from '../protocol/errors.ts';

/** A file that is still arriving. What was appended outlives the tab, but for the last moments before a crash. */
export interface Part {
  /** Bytes there are. */
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
  /** @throws AppError storage-full; what was appended before stays */
  append(bytes: Uint8Array): void;
  /** Begins anew. */
  clear(): void;
  /** Closes it; to be taken up again later. */
  close(): void;
  /** Closes it and makes it the file of this name. Nobody sees the file before. */
  finish(name: string): Promise<void>;
}

/** How much may be lost in a crash. */
const FLUSH_BYTES = 32 * 2 ** 20;
const PART = '.part';

/** `move` within a directory is in every engine, but not yet in TypeScript's library. */
type FileHandle = FileSystemFileHandle & { move(name: string): Promise<void> };

/**
 * Files by name in a folder of the origin private file system (https://fs.spec.whatwg.org/). A name is the hash of
 * the content, so a file is never changed. Only in a dedicated worker, whose file handles can append.
 */
export class BlobStore {
  readonly #folder: FileSystemDirectoryHandle;

  private constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  /** @throws AppError no-storage where the browser keeps nothing, as in some private windows */
  static async open(): Promise<BlobStore> {
    return new BlobStore(await openFolder('blobs'));
  }

  /** The file, read from the disk as it is asked for; undefined when it is not there. */
  async find(name: string): Promise<File | undefined> {
    const handle = await this.#handle(name);
    return handle?.getFile();
  }

  /** Bytes of a file that are there already, whole or in part. */
  async sizeOf(name: string): Promise<number> {
    const handle = (await this.#handle(name)) ?? (await this.#handle(name + PART));
    return (await handle?.getFile())?.size ?? 0;
  }

  /** What has arrived of a file so far, for going on. One at a time: hold the file's lock. */
  async openPart(name: string): Promise<Part> {
    const handle = (await this.#folder.getFileHandle(name + PART, { create: true })) as FileHandle;
    return toPart(handle, await handle.createSyncAccessHandle());
  }

  /** Forgets a file and what may have arrived of it. */
  async remove(name: string): Promise<void> {
    for (const entry of [name, name + PART])
      await this.#folder.removeEntry(entry).catch((error: DOMException) => {
        if (error.name !== 'NotFoundError') throw error;
      });
  }

  /** Every file, whole or in part, by name. */
  async list(): Promise<{ readonly name: string; readonly size: number }[]> {
    const files: { name: string; size: number }[] = [];
    for await (const [name, handle] of this.#folder.entries()) {
      if (handle.kind !== 'file') continue;
      const { size } = await (handle as FileSystemFileHandle).getFile();
      files.push({ name: name.endsWith(PART) ? name.slice(0, -PART.length) : name, size });
    }
    return files;
  }

  async #handle(name: string): Promise<FileSystemFileHandle | undefined> {
    return this.#folder.getFileHandle(name).catch((error: DOMException) => {
      if (error.name === 'NotFoundError') return undefined;
      throw error;
    });
  }
}

/** A folder of the origin private file system. @throws AppError no-storage */
export async function openFolder(name: string): Promise<FileSystemDirectoryHandle> {
  try {
    const root = await navigator.storage.getDirectory();
    return await root.getDirectoryHandle(name, { create: true });
  } catch (cause) {
    throw new AppError('no-storage', 'This browser keeps no files for the page.', {}, { cause });
  }
}

function toPart(handle: FileHandle, access: FileSystemSyncAccessHandle): Part {
  let size = access.getSize();
  let unflushed = 0;
  return {
    get size() {
      return size;
    },
    read(offset, length) {
      const bytes = new Uint8Array(Math.min(length, size - offset));
      access.read(bytes, { at: offset });
      return bytes;
    },
    append(bytes) {
      size += write(access, bytes, size);
      unflushed += bytes.length;
      if (unflushed < FLUSH_BYTES) return;
      access.flush();
      unflushed = 0;
    },
    clear() {
      access.truncate(0);
      size = 0;
    },
    close() {
      access.flush();
      access.close();
    },
    async finish(name) {
      access.flush();
      access.close();
      await handle.move(name);
    },
  };
}

/** All of the bytes, or none of them. */
function write(access: FileSystemSyncAccessHandle, bytes: Uint8Array, offset: number): number {
  let cause: unknown;
  try {
    const written = access.write(bytes as Uint8Array<ArrayBuffer>, { at: offset });
    if (written === bytes.length) return written;
  } catch (error) {
    if ((error as DOMException).name !== 'QuotaExceededError') throw error;
    cause = error;
  }
  access.truncate(offset);
  throw new AppError('storage-full', 'There is no room left for the file.', {}, { cause });
}

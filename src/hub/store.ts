import { answered } from '../protocol/answered.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import { ownName } from '../protocol/root.ts';
import type { ContentHash } from './content-hash.ts';

/** An unfinished file. What has been appended outlives the tab, except for the last moments before a crash. */
export interface PartialFile {
  /** How many bytes it has. */
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
  /** @throws AppError storage-full; the bytes before these stay */
  append(bytes: Uint8Array): void;
  /** Drops all its bytes. */
  clear(): void;
  /** The hash of its bytes so far, of files whose bytes cannot be read again; `append` adds to it. */
  readonly hash?: ContentHash;
  /** Closes it, so that it can be opened again and continued; nothing where it is closed already. */
  close(): void;
  /** Closes it, and makes it the file with this name. Only then can others see the file. */
  finish(name: string): Promise<void>;
}

/** An unfinished file that is written in any order. */
export interface OpenFile extends PartialFile {
  /** Replaces bytes that are there. @throws AppError no-storage */
  write(offset: number, bytes: Uint8Array): void;
  /** Drops the bytes from here on. */
  cut(size: number): void;
  /** Until this returns, a crash may lose what was written. @throws AppError storage-full */
  flush(): void;
}

/** Bytes that may be lost in a crash. */
const FLUSH_BYTES = 32 * 2 ** 20;
/** The folder of the files. It is opened at each use: the browser may have cleared it, and then it is empty. */
const FOLDER = 'blobs';
/** The ending of a file that has not arrived in full. */
export const PARTIAL = '.part';

/** `move` within a directory is in every engine, but not yet in TypeScript's library. */
type FileHandle = FileSystemFileHandle & { move(name: string): Promise<void> };

/**
 * Files in a folder of the origin private file system (https://fs.spec.whatwg.org/), by the hash of their content, so that a
 * file never changes. Works only in a dedicated worker: elsewhere file handles cannot append.
 */
export class BlobStore {
  private constructor() {}

  /** @throws AppError no-storage where the browser stores nothing, as in some private windows */
  static async open(): Promise<BlobStore> {
    await openFolder(FOLDER);
    return new BlobStore();
  }

  /** The file, whose bytes are read when they are used; undefined when it isn't here. */
  async find(name: string): Promise<File | undefined> {
    const handle = await this.#handle(name);
    return handle?.getFile();
  }

  /** How many bytes of a file are here, complete or unfinished. */
  async sizeOf(name: string): Promise<number> {
    const handle = (await this.#handle(name)) ?? (await this.#handle(name + PARTIAL));
    return (await handle?.getFile())?.size ?? 0;
  }

  /** Opens an unfinished file to continue it. Only one may be open, so hold the file's lock. */
  async openPartial(name: string): Promise<OpenFile> {
    const folder = await openFolder(FOLDER);
    const handle = (await folder.getFileHandle(name + PARTIAL, { create: true })) as FileHandle;
    return toPartialFile(handle, await handle.createSyncAccessHandle());
  }

  /** Deletes a file, complete or unfinished. */
  async remove(name: string): Promise<void> {
    const folder = await openFolder(FOLDER);
    for (const entry of [name, name + PARTIAL]) await removeFile(folder, entry);
  }

  /** All files, by name. */
  async list(): Promise<{ readonly name: string; readonly size: number; readonly isPartial: boolean }[]> {
    const files: { name: string; size: number; isPartial: boolean }[] = [];
    for await (const [name, handle] of (await openFolder(FOLDER)).entries()) {
      if (handle.kind !== 'file') continue;
      const { size } = await (handle as FileSystemFileHandle).getFile();
      const isPartial = name.endsWith(PARTIAL);
      files.push({ name: isPartial ? name.slice(0, -PARTIAL.length) : name, size, isPartial });
    }
    return files;
  }

  async #handle(name: string): Promise<FileSystemFileHandle | undefined> {
    const folder = await openFolder(FOLDER);
    return folder.getFileHandle(name).catch((error: DOMException) => {
      if (error.name === 'NotFoundError') return undefined;
      throw error;
    });
  }
}

/**
 * Writes a small file in the place of another. Whenever it is ended, one of the two is there: under its name, or as
 * `name.part`. By a sync access handle, since WebKit builds have no `createWritable`.
 * @throws AppError storage-full
 */
export async function replaceFile(
  folder: FileSystemDirectoryHandle,
  name: string,
  text: string,
): Promise<void> {
  const handle = (await folder.getFileHandle(name + PARTIAL, { create: true })) as FileHandle;
  const access = await handle.createSyncAccessHandle();
  try {
    access.truncate(0);
    write(access, new TextEncoder().encode(text), 0);
    access.flush();
  } finally {
    access.close();
  }
  // Older WebKit moves no file onto another.
  await removeFile(folder, name);
  await handle.move(name);
}

/** Deletes a file, if it is there. */
export async function removeFile(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  await folder.removeEntry(name).catch((error: DOMException) => {
    if (error.name !== 'NotFoundError') throw error;
  });
}

/** A folder of this deployment's own in the origin private file system. @throws AppError no-storage */
export async function openFolder(name: string): Promise<FileSystemDirectoryHandle> {
  try {
    const root = await answered('model', navigator.storage.getDirectory());
    if (!('createSyncAccessHandle' in globalThis.FileSystemFileHandle.prototype))
      throw new DOMException('No sync access handles.', 'NotSupportedError');
    return await root.getDirectoryHandle(folderName(name), { create: true });
  } catch (cause) {
    if (cause instanceof AppError || isFull(cause)) throw cause;
    throw new AppError(
      'no-storage',
      'This browser stores no files for the page. Leave the private window, or use another browser.',
      {},
      { cause },
    );
  }
}

/** The folder's name; a name of a folder has no slashes. */
export const folderName = (name: string) => encodeURIComponent(ownName(name));

function toPartialFile(handle: FileHandle, access: FileSystemSyncAccessHandle): OpenFile {
  let size = access.getSize();
  let unflushed = 0;
  let isOpen = true;
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
      if (unflushed >= FLUSH_BYTES) this.flush();
    },
    write(offset, bytes) {
      tried(() => access.write(bytes as Uint8Array<ArrayBuffer>, { at: offset }));
    },
    cut(end) {
      access.truncate(end);
      size = end;
    },
    flush() {
      tried(() => access.flush());
      unflushed = 0;
    },
    clear() {
      access.truncate(0);
      size = 0;
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      try {
        access.flush();
      } catch {
        // What is not written comes again; why it is closed matters more.
      }
      access.close();
    },
    async finish(name) {
      try {
        access.flush();
        access.close();
        isOpen = false;
        await handle.move(name);
      } catch (cause) {
        throw notWritten(cause);
      }
    },
  };
}

/** @throws AppError storage-full, no-storage */
function tried(write: () => void): void {
  try {
    write();
  } catch (cause) {
    throw notWritten(cause);
  }
}

/** Writes all of the bytes, or none of them. */
function write(access: FileSystemSyncAccessHandle, bytes: Uint8Array, offset: number): number {
  let cause: unknown = new DOMException('Written in part.', 'QuotaExceededError');
  try {
    const written = access.write(bytes as Uint8Array<ArrayBuffer>, { at: offset });
    if (written === bytes.length) return written;
  } catch (error) {
    if (!isFull(error)) throw notWritten(error);
    cause = error;
  }
  access.truncate(offset);
  throw notWritten(cause);
}

const isFull = (error: unknown) => (error as DOMException).name === 'QuotaExceededError';

/** Why a file could not be written: there is no room, or what was open is not there any more. */
function notWritten(cause: unknown): AppError {
  if (isFull(cause)) return new AppError('storage-full', 'There is no storage left.', {}, { cause });
  const details = { kind: 'storage-cleared', what: 'model' } satisfies Fault;
  return new AppError('no-storage', String(cause), details, { cause });
}

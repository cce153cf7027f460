import { AppError } from '../protocol/errors.ts';
import type { InstalledModel } from '../protocol/models.ts';
import { parseModelRow, rowName } from './model-row.ts';
import { folderName, PARTIAL, removeFile, replaceFile } from './store.ts';

/** Where 0.1 stored models: folders of names that any other app on the origin may have too. */
const [OLD_ROWS, OLD_BLOBS] = ['models', 'blobs'] as const;
/** What 0.1 left in the middle of a copy: nobody can go on with it. */
const SCRAPS = ['import', 'quantize'].map((name) => name + PARTIAL);
/** How long a file may still be held by a worker of a page that was closed a moment ago. */
const HELD_MS = 5_000;

/** `move` between directories is in every engine, but not yet in TypeScript's library. */
type Folder = FileSystemDirectoryHandle;
type FileHandle = FileSystemFileHandle & { move(folder: Folder, name: string): Promise<void> };
type OnProgress = (progress: { readonly done: number; readonly total: number }) => void;

/**
 * Moves the models that 0.1 stored to this deployment's own folders: what rows of ours name, and nothing else. It may be ended
 * at any moment and begun again: a row is there before its files, so that nothing deletes them, and the old row goes last.
 * @param onProgress called for each file
 * @param root of the origin private file system
 * @throws AppError storage-full; what was moved before stays moved
 */
export async function migrateModels(onProgress: OnProgress, root?: Folder): Promise<void> {
  try {
    await moveModels(root ?? (await navigator.storage.getDirectory()), onProgress);
  } catch (cause) {
    if (!(cause instanceof DOMException && cause.name === 'QuotaExceededError')) throw cause;
    throw new AppError('storage-full', cause.message, { what: 'older-data' }, { cause });
  }
}

async function moveModels(root: Folder, onProgress: OnProgress): Promise<void> {
  const [oldRows, oldBlobs] = [await findFolder(root, OLD_ROWS), await findFolder(root, OLD_BLOBS)];
  const stored = oldRows ? await readRows(oldRows) : [];
  if (!oldRows || stored.length === 0) return;
  if (oldBlobs) for (const name of SCRAPS) await removeHeld(oldBlobs, name);
  const rows = await root.getDirectoryHandle(folderName('models'), { create: true });
  const blobs = await root.getDirectoryHandle(folderName('blobs'), { create: true });
  const total = stored.reduce((sum, { model }) => sum + model.files.length, 0);
  let done = 0;
  for (const { model, json } of stored) {
    await putRow(rows, model, json);
    for (const { oid } of model.files) {
      if (oldBlobs) for (const name of [oid, oid + PARTIAL]) await moveFile(oldBlobs, blobs, name);
      done++;
      onProgress({ done, total });
    }
    await oldRows.removeEntry(rowName(model.id));
  }
  if (await isEmpty(oldRows)) await root.removeEntry(OLD_ROWS);
  if (oldBlobs && (await isEmpty(oldBlobs))) await root.removeEntry(OLD_BLOBS);
}

/**
 * Deletes what 0.1 stored of a model that is being deleted, where the move failed and left it: the next one would bring it
 * back. Files that other models need stay.
 * @param needed the hashes of what this deployment's other models need
 * @param root of the origin private file system
 */
export async function deleteOldModel(id: string, needed: Iterable<string>, root?: Folder): Promise<void> {
  const origin = root ?? (await navigator.storage.getDirectory());
  const [oldRows, oldBlobs] = [await findFolder(origin, OLD_ROWS), await findFolder(origin, OLD_BLOBS)];
  const stored = oldRows ? await readRows(oldRows) : [];
  const deleted = stored.find(({ model }) => model.id === id);
  if (!oldRows || !deleted) return;
  const others = stored.filter((row) => row !== deleted).flatMap(({ model }) => model.files);
  const kept = new Set([...needed, ...others.map(({ oid }) => oid)]);
  const files = deleted.model.files.filter(({ oid }) => !kept.has(oid));
  const names = files.flatMap(({ oid }) => [oid, oid + PARTIAL]);
  if (oldBlobs) for (const name of names) await removeHeld(oldBlobs, name);
  await oldRows.removeEntry(rowName(id));
}

/** The rows in a folder, each in a file that has its name, and as they are written; other files are not ours. */
async function readRows(folder: Folder) {
  const rows: { readonly model: InstalledModel; readonly json: string }[] = [];
  for await (const [name, handle] of folder.entries()) {
    if (handle.kind !== 'file') continue;
    const json = await (await (handle as FileHandle).getFile()).text();
    const model = parseModelRow(json);
    if (model && rowName(model.id) === name) rows.push({ model, json });
  }
  return rows;
}

/** Writes a row, unless there is one already. A file that was made and not written to is no row. */
async function putRow(rows: Folder, { id }: InstalledModel, json: string): Promise<void> {
  const handle = await findFile(rows, rowName(id));
  if (handle && parseModelRow(await (await handle.getFile()).text())) return;
  await replaceFile(rows, rowName(id), json);
}

/** Moves a file that is there, unless it is at its new place already. */
async function moveFile(from: Folder, to: Folder, name: string): Promise<void> {
  const handle = await findFile(from, name);
  if (!handle) return;
  const file = await handle.getFile();
  const other = await findFile(to, name);
  if (other && (await other.getFile()).size === file.size) return onceLetGo(() => from.removeEntry(name));
  if (other) await to.removeEntry(name);
  await onceLetGo(() => handle.move(to, name));
}

/** Tries again as long as somebody else has the file open. */
async function onceLetGo(change: () => Promise<void>): Promise<void> {
  const end = performance.now() + HELD_MS;
  for (;;)
    try {
      return await change();
    } catch (error) {
      if ((error as DOMException).name !== 'NoModificationAllowedError' || performance.now() > end)
        throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
}

async function isEmpty(folder: Folder): Promise<boolean> {
  for await (const _ of folder.keys()) return false;
  return true;
}

const removeHeld = (folder: Folder, name: string) => onceLetGo(() => removeFile(folder, name));
const findFolder = (folder: Folder, name: string) => orUndefined(folder.getDirectoryHandle(name));
const findFile = (folder: Folder, name: string) =>
  orUndefined(folder.getFileHandle(name) as Promise<FileHandle>);

/** What may not be there, or is a file where a folder was looked for, or the other way round. */
function orUndefined<T>(finding: Promise<T>): Promise<T | undefined> {
  return finding.catch((error: DOMException) => {
    if (error.name === 'NotFoundError' || error.name === 'TypeMismatchError') return undefined;
    throw error;
  });
}

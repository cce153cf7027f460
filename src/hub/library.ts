import { AppError } from '../protocol/errors.ts';
import type { InstalledModel, StorageReport } from '../protocol/models.ts';
import { ownName } from '../protocol/root.ts';
import { fileLock } from './fetch-files.ts';
import { deleteOldModel } from './migrate-models.ts';
import { parseModelRow, rowName } from './model-row.ts';
import { type ModelFiles, parseJson } from './repo.ts';
import { BlobStore, openFolder, PARTIAL, removeFile, replaceFile } from './store.ts';
import { withLock } from './with-lock.ts';

const LOCK = ownName('library');
/** The folder of the rows. It is opened at each use: the browser may have cleared it, and then it is empty. */
const ROWS = 'models';

/**
 * The models on this device: one row each, which names its files by the hashes of their content. A file that two models
 * share is stored once, and deleted with the last of them.
 */
export class Library {
  readonly store: BlobStore;

  private constructor(store: BlobStore) {
    this.store = store;
  }

  /** @throws AppError no-storage */
  static async open(): Promise<Library> {
    await openFolder(ROWS);
    return new Library(await BlobStore.open());
  }

  /**
   * All models, newest first. One is complete only if all of its files are here: its row may be older than that, since another tab
   * may have deleted some while they were downloaded.
   */
  async list(): Promise<InstalledModel[]> {
    const models = await this.#reading(() => this.#list());
    const stored = await this.store.list();
    const whole = new Set(stored.filter(({ isPartial }) => !isPartial).map(({ name }) => name));
    return models.map((model) => ({
      ...model,
      complete: model.complete && model.files.every(({ oid }) => whole.has(oid)),
    }));
  }

  find(id: string): Promise<InstalledModel | undefined> {
    return this.#reading(() => this.#read(rowName(id)));
  }

  /** A model that can be used. @throws AppError not-installed when it isn't here, or not all of its files are */
  async installed(id: string): Promise<InstalledModel> {
    const model = await this.find(id);
    if (model?.complete && (await this.#hasAll(model))) return model;
    throw new AppError('not-installed', `${id} is not on this device.`, { model: id });
  }

  async #hasAll({ files }: InstalledModel): Promise<boolean> {
    const found = await Promise.all(files.map(({ oid }) => this.store.find(oid)));
    return !found.includes(undefined);
  }

  /** A row that is being replaced seems to be missing, so nobody reads while somebody writes. */
  #reading<T>(read: () => Promise<T>): Promise<T> {
    return withLock(LOCK, { mode: 'shared' }, read);
  }

  async #list(): Promise<InstalledModel[]> {
    const models: InstalledModel[] = [];
    const names = new Set<string>();
    for await (const name of (await openFolder(ROWS)).keys())
      names.add(name.endsWith(PARTIAL) ? name.slice(0, -PARTIAL.length) : name);
    for (const name of names) {
      const model = await this.#read(name);
      if (model) models.push(model);
    }
    return models.sort((a, b) => b.installedAt - a.installedAt);
  }

  /** Adds a model, or replaces its row. */
  async put(model: InstalledModel): Promise<void> {
    await withLock(LOCK, {}, () => this.#write(model));
  }

  /** Notes that a model has just been used. */
  async touch(id: string): Promise<void> {
    await withLock(LOCK, {}, async () => {
      const model = await this.#read(rowName(id));
      if (model) await this.#write({ ...model, usedAt: Date.now() });
    });
  }

  /** Deletes a model, and all files that no other model needs and no tab is downloading. */
  async remove(id: string): Promise<void> {
    await withLock(LOCK, {}, async () => {
      const others = (await this.#list()).filter((model) => model.id !== id);
      const needed = new Set(others.flatMap(({ files }) => files.map(({ oid }) => oid)));
      await deleteOldModel(id, needed);
      const rows = await openFolder(ROWS);
      for (const name of [rowName(id) + PARTIAL, rowName(id)]) await removeFile(rows, name);
      for (const { name } of await this.store.list()) {
        if (needed.has(name)) continue;
        await withLock(fileLock(name), { ifAvailable: true }, async (lock) => {
          if (lock) await this.store.remove(name);
        });
      }
    });
  }

  /** How much the models take, and how much room the browser says is left. */
  async report(): Promise<StorageReport> {
    const modelBytes = (await this.store.list()).reduce((sum, { size }) => sum + size, 0);
    // Some browsers store, and do not say how much.
    const { quota, usage }: StorageEstimate = await navigator.storage.estimate().catch(() => ({}));
    return { modelBytes, freeBytes: quota === undefined ? null : Math.max(0, quota - (usage ?? 0)) };
  }

  /** A model's files on this device. */
  files(model: Pick<InstalledModel, 'files'>): ModelFiles {
    const oids = new Map(model.files.map(({ path, oid }) => [path, oid]));
    const file = async (path: string): Promise<Blob> => {
      const oid = oids.get(path);
      const blob = oid && (await this.store.find(oid));
      if (blob) return blob;
      throw new AppError('not-installed', `${path} is not on this device.`, { model: path });
    };
    return {
      has: (path) => oids.has(path),
      file,
      json: async (path) => parseJson(path, await (await file(path)).text()),
    };
  }

  /** A row, also one that was being replaced when its tab was closed. */
  async #read(name: string): Promise<InstalledModel | undefined> {
    for (const entry of [name, name + PARTIAL])
      try {
        const handle = await (await openFolder(ROWS)).getFileHandle(entry);
        // A damaged or unfinished row counts as missing. Its files are deleted when the next model is.
        const model = parseModelRow(await (await handle.getFile()).text());
        if (model) return model;
      } catch (error) {
        if ((error as DOMException).name !== 'NotFoundError') throw error;
      }
    return undefined;
  }

  async #write(model: InstalledModel): Promise<void> {
    await replaceFile(await openFolder(ROWS), rowName(model.id), JSON.stringify(model));
  }
}

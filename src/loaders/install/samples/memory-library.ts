import type { Library } from '../../../hub/library.ts';
import { MemoryStore } from '../../../hub/samples/memory-store.ts';
import { AppError } from '../../../protocol/errors.ts';
import type { InstalledModel } from '../../../protocol/models.ts';

/** A library in memory. */
export function memoryLibrary(): Library {
  const store = new MemoryStore();
  const rows = new Map<string, InstalledModel>();
  const file = async (files: InstalledModel['files'], path: string) =>
    (await store.find(files.find((one) => one.path === path)?.oid ?? '')) as Blob;
  return {
    store: store.store,
    find: async (id: string) => rows.get(id),
    list: async () => [...rows.values()],
    put: async (row: InstalledModel) => void rows.set(row.id, row),
    touch: async () => {},
    installed: async (id: string) => {
      const row = rows.get(id);
      if (!row) throw new AppError('not-installed', `${id} is not on this device.`, { model: id });
      return row;
    },
    files: ({ files }: InstalledModel) => ({
      has: (path: string) => files.some((one) => one.path === path),
      file: (path: string) => file(files, path),
      json: async (path: string) => JSON.parse(await (await file(files, path)).text()),
    }),
  } as unknown as Library;
}

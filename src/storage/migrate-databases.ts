import { type DBSchema, deleteDB, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import { answered } from '../protocol/answered.ts';
import { changeAll, type Database } from './database.ts';
import { galleryDatabase } from './gallery.ts';
import { experimentsDatabase } from './stored-experiments.ts';
import { filesDatabase } from './stored-files.ts';
import { queueDatabase } from './stored-queue.ts';

/** A database of 0.1, and where its records go now. */
interface Move {
  readonly from: string;
  readonly to: () => unknown;
  /** What has a name of its own comes before what names it. */
  readonly stores: readonly StoreMove[];
}

interface StoreMove {
  readonly from: string;
  readonly to: string;
  /** What the keys are now, where a store is not all ours. */
  readonly keys?: Readonly<Record<string, string>>;
}

const same = (...names: readonly string[]): StoreMove[] => names.map((name) => ({ from: name, to: name }));

const MOVES: readonly Move[] = [
  { from: 'safelight.gallery', to: () => galleryDatabase(), stores: same('files', 'rows') },
  { from: 'safelight.experiments', to: () => experimentsDatabase(), stores: same('cells', 'sweeps') },
  { from: 'safelight-queue', to: () => queueDatabase(), stores: same('jobs', 'queues') },
  {
    // idb-keyval's own name, which other apps use too.
    from: 'keyval-store',
    to: () => filesDatabase(),
    stores: [
      {
        from: 'keyval',
        to: 'files',
        keys: { 'safelight.embeddings': 'embeddings', 'safelight.init-image': 'init-image' },
      },
    ],
  },
];

/** Few enough that a disk nearly full has room for them twice. */
const BATCH = 20;

/**
 * Moves every record of 0.1's databases to this deployment's own. It may be ended at any moment and begun again: a record is
 * written before it is deleted where it was, and one that is there already is left as it is.
 * @param onProgress hears of records
 * @returns whether the browser let it look everywhere
 */
export async function migrateDatabases(onProgress: (done: number, total: number) => void): Promise<boolean> {
  const found: { move: Move; old: IDBPDatabase }[] = [];
  let isSure = true;
  const opened = await Promise.all(MOVES.map(async (move) => ({ move, old: await openOld(move) })));
  for (const { move, old } of opened)
    if (old === 'refused') isSure = false;
    else if (old) found.push({ move, old });
  let [done, total] = [0, 0];
  for (const { move, old } of found)
    for (const store of move.stores) total += (await keysOf(old, store)).length;
  const onMoved = (records: number) => {
    done += records;
    onProgress(done, total);
  };
  try {
    for (const { move, old } of found) {
      await moveDatabase(move, old, onMoved);
      old.close();
      // A name that is only ours goes with its last record.
      if (move.stores.every(({ keys }) => !keys)) await forget(move.from);
    }
  } finally {
    for (const { old } of found) old.close();
  }
  return isSure;
}

/** Deletes a database; when somebody still has it open, as soon as that is over, and that is not waited for. */
function forget(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    deleteDB(name, { blocked: () => resolve() }).then(resolve, reject);
  });
}

/** The database if it is there and has 0.1's stores; looking does not make one. */
async function openOld({ from, stores }: Move): Promise<IDBPDatabase | undefined | 'refused'> {
  let isNew = false;
  try {
    const opening = openDB(from, undefined, {
      upgrade(_db, _old, _new, transaction) {
        isNew = true;
        transaction.done.catch(() => {});
        transaction.abort();
      },
    });
    const db = await answered('older-data', opening);
    if (stores.every((store) => db.objectStoreNames.contains(store.from))) return db;
    db.close();
    return undefined;
  } catch {
    // Aborted by us; or nothing is stored for this page, as in some private windows.
    return isNew ? undefined : 'refused';
  }
}

async function moveDatabase(move: Move, old: IDBPDatabase, onMoved: (records: number) => void) {
  // Each has a schema of its own; what is moved is checked when it is read.
  const own = move.to() as Database<DBSchema>;
  try {
    for (const store of move.stores)
      for (;;) {
        const keys = await keysOf(old, store, BATCH);
        if (keys.length === 0) break;
        await own.write((db) => copyRecords(old, db as unknown as IDBPDatabase, store, keys));
        const { store: records, done } = old.transaction(store.from, 'readwrite');
        await Promise.all([...keys.map((key) => records.delete(key)), done]);
        onMoved(keys.length);
      }
  } finally {
    await own.close();
  }
}

async function keysOf(old: IDBPDatabase, { from, keys }: StoreMove, most?: number): Promise<IDBValidKey[]> {
  const all = await old.getAllKeys(from, null, keys ? undefined : most);
  return keys ? all.filter((key) => typeof key === 'string' && Object.hasOwn(keys, key)) : all;
}

async function copyRecords(
  old: IDBPDatabase,
  own: IDBPDatabase,
  { from, to, keys: renamed }: StoreMove,
  keys: readonly IDBValidKey[],
): Promise<void> {
  const values = await Promise.all(keys.map((key) => old.get(from, key)));
  const ownKey = (key: IDBValidKey) => renamed?.[String(key)] ?? key;
  const there = await Promise.all(keys.map((key) => own.getKey(to, ownKey(key))));
  const make = function* (change: IDBPTransaction<unknown, string[], 'readwrite'>) {
    const records = change.objectStore(to);
    for (const [i, key] of keys.entries())
      if (there[i] === undefined)
        yield records.put(values[i], records.keyPath === null ? ownKey(key) : undefined);
  };
  await changeAll(own, [to], make, { durability: 'strict' });
}

import type { DBSchema, IDBPDatabase } from 'idb';
import * as v from 'valibot';
import { ownName } from '../protocol/root.ts';
import { Database, readEntries } from './database.ts';

/** What a setting was last set to. */
export interface Noted {
  readonly name: string;
  /** Changes of all settings are counted together, from 1; the greater one is the later. */
  readonly count: number;
  /** Null where it was removed. */
  readonly value: string | null;
}

/** The last value of each setting, which outlives a browser that is killed at once. */
export interface SettingsJournal {
  /**
   * What is noted, one of each name.
   * @throws AppError no-storage
   */
  read(): Promise<Noted[]>;
  /** Notes a change, soon. What cannot be noted is forgotten: it stands in localStorage. */
  note(change: Noted): void;
}

interface Schema extends DBSchema {
  values: { key: [name: string, count: number]; value: string | null };
}

/** A count that a person's changes can reach; a damaged one must not outrank them all. */
export const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1e12));
const KeySchema = v.tuple([v.string(), Count]);
const ValueSchema = v.nullable(v.string());

/** An entry as what was noted, or null if it is none. */
export function readNoted({ key, value }: { key: unknown; value: unknown }): Noted | null {
  if (!v.is(KeySchema, key) || !v.is(ValueSchema, value)) return null;
  return { name: key[0], count: key[1], value };
}

/** The database of the journal. */
export function journalDatabase(): Database<Schema> {
  const upgrade = (fresh: IDBPDatabase<Schema>) => void fresh.createObjectStore('values');
  return new Database(ownName('settings'), 'settings', upgrade);
}

/** The journal in IndexedDB. Nobody is told where there is none: localStorage keeps the settings, a few seconds later. */
export function openSettingsJournal(): SettingsJournal {
  const database = journalDatabase();
  /** What is not written yet, by its name. */
  const waiting = new Map<string, Noted>();
  let isWriting = false;
  const write = async () => {
    isWriting = true;
    while (waiting.size > 0) {
      const changes = [...waiting.values()];
      waiting.clear();
      await database
        .change(['values'], function* (change) {
          const values = change.objectStore('values');
          for (const { name, count, value } of changes) {
            yield values.put(value, [name, count]);
            yield values.delete(IDBKeyRange.bound([name], [name, count], false, true));
          }
        })
        .catch(() => {});
    }
    isWriting = false;
  };
  return {
    async read() {
      const entries = await database.read((db) => readEntries(db, 'values'));
      const latest = new Map<string, Noted>();
      // Another tab may have written an older one after a newer: they come in the order of their counts.
      for (const entry of entries) {
        const noted = readNoted(entry);
        if (noted) latest.set(noted.name, noted);
      }
      return [...latest.values()];
    },
    note(change) {
      waiting.set(change.name, change);
      if (!isWriting) void write();
    },
  };
}

import * as v from 'valibot';
import { AppError } from '../protocol/errors.ts';
import { QUIET, type StorageNews } from './storage-news.ts';

const Json = v.pipe(v.string(), v.parseJson());

/** What settings need of localStorage. */
export type LocalStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** localStorage for settings, as JSON. Nothing of it throws: what it cannot store lasts as long as the page, which is told. */
export interface SettingsStorage {
  /** Null where there is none, or where it is damaged. */
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

/** @param storage gives localStorage; where the browser forbids that, it may throw, or give none */
export function openSettingsStorage(storage: () => LocalStorage, news: StorageNews = QUIET): SettingsStorage {
  /** The names of what is not stored as it is. */
  const unkept = new Set<string>();
  let damaged = 0;
  const attempt = <T>(name: string, use: (storage: LocalStorage) => T): T | null => {
    try {
      return use(storage());
    } catch (cause) {
      unkept.add(name);
      news.failed(settingsError(cause));
      return null;
    }
  };
  const change = (name: string, use: (storage: LocalStorage) => void) => {
    const isDone = attempt(name, (opened) => {
      use(opened);
      return true;
    });
    if (isDone && unkept.delete(name) && unkept.size === 0) news.failed(null);
  };
  return {
    getItem(name) {
      const value = attempt(name, (opened) => opened.getItem(name));
      if (value === null || v.is(Json, value)) return value;
      news.unreadable(++damaged);
      return null;
    },
    setItem: (name, value) => change(name, (opened) => opened.setItem(name, value)),
    removeItem: (name) => change(name, (opened) => opened.removeItem(name)),
  };
}

function settingsError(cause: unknown): AppError {
  const { name, message } = cause as Error;
  const code = name === 'QuotaExceededError' ? 'storage-full' : 'no-storage';
  return new AppError(code, `${name}: ${message}`, { what: 'settings' }, { cause });
}

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// What a page has stored in its origin, as a folder of files: profile.json, and the binaries by their content.

/**
 * @typedef {object} Profile
 * @property {string} origin Where it was written.
 * @property {Record<string, string>} localStorage
 * @property {Record<string, Database>} databases By name.
 * @property {Record<string, Binary>} files Of the origin private file system, by path.
 */

/**
 * @typedef {object} Database
 * @property {number} version
 * @property {Record<string, Store>} stores By name.
 */

/**
 * @typedef {object} Store
 * @property {string | null} keyPath
 * @property {Record<string, string>} indexes Key path by name.
 * @property {[key: unknown, value: unknown][]} records A Blob in a value is `{ $blob: Binary }`.
 */

/** @typedef {{ type: string, name?: string, base64?: string, sha256?: string }} Binary `name` where it is a File. */

/** A file of the build that runs no script, so that nothing changes what is stored. @param {string} url */
const quiet = (url) => new URL('manifest.webmanifest', url).href;

/**
 * Writes all that the origin of `url` has stored into a folder, which is emptied before.
 * @param {import('@playwright/test').BrowserContext} context @param {string} url @param {string} folder
 */
export async function dumpProfile(context, url, folder) {
  const page = await context.newPage();
  await page.goto(quiet(url));
  const profile = await page.evaluate(dump);
  await page.close();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const json = JSON.stringify(
    profile,
    (_, value) => {
      if (typeof value?.base64 !== 'string') return value;
      const { base64, ...rest } = value;
      const bytes = Buffer.from(base64, 'base64');
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      writeFileSync(join(folder, `${sha256.slice(0, 16)}.bin`), bytes);
      return { ...rest, sha256 };
    },
    1,
  );
  writeFileSync(join(folder, 'profile.json'), `${json}\n`);
  return profile;
}

/**
 * Lays what such a folder holds into the origin of `url`, where no page of the app has been yet.
 * @param {import('@playwright/test').Page} page @param {string} url @param {string} folder
 */
export async function restoreProfile(page, url, folder) {
  /** @type {Profile} */
  const profile = JSON.parse(readFileSync(join(folder, 'profile.json'), 'utf8'), (_, value) => {
    if (typeof value?.sha256 !== 'string' || value.type === undefined) return value;
    const bytes = readFileSync(join(folder, `${value.sha256.slice(0, 16)}.bin`));
    return { ...value, base64: bytes.toString('base64') };
  });
  await page.goto(quiet(url));
  await page.evaluate(restore, profile);
  return profile;
}

/** The weights whose download the profile holds the first part of: no noise, so that they can be made again. */
export const halfFetched = () => Buffer.from(Array.from({ length: 150_000 }, (_, i) => (i * i) >> 8));

/** Runs in the page. @returns {Promise<Profile>} */
async function dump() {
  /** @param {Blob} blob @returns {Promise<Binary>} */
  const binary = async (blob) => {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    return { type: blob.type, ...(blob instanceof File && { name: blob.name }), base64 };
  };
  /** @param {unknown} value @returns {Promise<unknown>} */
  const encoded = async (value) => {
    if (value instanceof Blob) return { $blob: await binary(value) };
    if (ArrayBuffer.isView(value)) throw new Error('Arrays of bytes are not stored by this app.');
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return Promise.all(value.map(encoded));
    const entries = Object.entries(value).map(async ([key, inner]) => [key, await encoded(inner)]);
    return Object.fromEntries(await Promise.all(entries));
  };
  /** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  /** @type {Profile} */
  const profile = { origin: location.origin, localStorage: { ...localStorage }, databases: {}, files: {} };
  for (const { name = '' } of await indexedDB.databases()) {
    const db = await done(indexedDB.open(name));
    /** @type {Database} */
    const database = { version: db.version, stores: {} };
    for (const storeName of db.objectStoreNames) {
      const store = db.transaction(storeName).objectStore(storeName);
      const indexes = [...store.indexNames].map((index) => [index, store.index(index).keyPath]);
      const keyPath = /** @type {string | null} */ (store.keyPath);
      const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
      /** @type {[unknown, unknown][]} */
      const records = [];
      for (const [i, key] of keys.entries()) records.push([key, await encoded(values[i])]);
      database.stores[storeName] = { keyPath, indexes: Object.fromEntries(indexes), records };
    }
    db.close();
    profile.databases[name] = database;
  }
  /** @param {FileSystemDirectoryHandle} folder @param {string} path */
  const walk = async (folder, path) => {
    for await (const [name, handle] of folder.entries()) {
      if (handle.kind === 'directory')
        await walk(/** @type {FileSystemDirectoryHandle} */ (handle), `${path}${name}/`);
      else {
        const file = await /** @type {FileSystemFileHandle} */ (handle).getFile();
        profile.files[path + name] = await binary(new Blob([file]));
      }
    }
  };
  await walk(await navigator.storage.getDirectory(), '');
  return profile;
}

/** Runs in the page. @param {Profile} profile */
async function restore(profile) {
  /** @param {Binary} binary */
  const blobOf = ({ type, name, base64 = '' }) => {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    return name === undefined ? new Blob([bytes], { type }) : new File([bytes], name, { type });
  };
  /** @param {any} value @returns {any} */
  const decoded = (value) => {
    if (typeof value !== 'object' || value === null) return value;
    if (value.$blob) return blobOf(value.$blob);
    if (Array.isArray(value)) return value.map(decoded);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decoded(inner)]));
  };
  for (const [key, value] of Object.entries(profile.localStorage)) localStorage.setItem(key, value);
  for (const [name, { version, stores }] of Object.entries(profile.databases)) {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => {
      for (const [storeName, { keyPath, indexes }] of Object.entries(stores)) {
        const store = request.result.createObjectStore(storeName, keyPath === null ? {} : { keyPath });
        for (const [index, path] of Object.entries(indexes)) store.createIndex(index, path);
      }
    };
    const db = await new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    for (const [storeName, { keyPath, records }] of Object.entries(stores)) {
      const change = db.transaction(storeName, 'readwrite');
      for (const [key, value] of records)
        change.objectStore(storeName).put(decoded(value), keyPath === null ? key : undefined);
      await new Promise((resolve, reject) => {
        change.oncomplete = resolve;
        change.onabort = () => reject(change.error);
      });
    }
    db.close();
  }
  for (const [path, binary] of Object.entries(profile.files)) {
    const names = path.split('/');
    let folder = await navigator.storage.getDirectory();
    for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true });
    const handle = await folder.getFileHandle(/** @type {string} */ (names.at(-1)), { create: true });
    const stream = await handle.createWritable();
    await stream.write(blobOf(binary));
    await stream.close();
  }
}

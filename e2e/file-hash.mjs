import { createHash } from 'node:crypto';

/** @typedef {import('./hub.mjs').RepoFile} RepoFile */

const HASHED = 2 ** 22;

/** @param {string} algorithm @param {...(string | RepoFile)} parts */
export const hash = (algorithm, ...parts) => {
  const hasher = createHash(algorithm);
  for (const part of parts) {
    if (typeof part === 'string') hasher.update(part);
    else for (let at = 0; at < part.length; at += HASHED) hasher.update(part.subarray(at, at + HASHED));
  }
  return hasher.digest('hex');
};

/** Of files, which may be gigabytes. @type {WeakMap<RepoFile, Record<string, string>>} */
const known = new WeakMap();

/** @param {'sha256' | 'git'} kind @param {RepoFile} file */
export function fileHash(kind, file) {
  const hashes = known.get(file) ?? {};
  known.set(file, hashes);
  hashes[kind] ??= kind === 'git' ? hash('sha1', `blob ${file.length}\0`, file) : hash('sha256', file);
  return hashes[kind];
}

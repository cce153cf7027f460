import { createSHA1, createSHA256, type IHasher } from 'hash-wasm';

/** A hash of a file's bytes, given one after another. */
export interface ContentHash {
  update(bytes: Uint8Array): void;
  /** The hash in lower-case hexadecimal digits; nothing can be added afterwards. */
  digest(): string;
  /** All that is known of the bytes so far, for `load` of another one of its kind. */
  save(): Uint8Array;
  /** @throws Error where it was saved by another version */
  load(state: Uint8Array): void;
  /** Forgets all bytes. */
  reset(): void;
}

/**
 * The hash by which the Hub names a file's content: sha256 (64 digits) for files in LFS or Xet, git's own sha1 of a blob
 * (40 digits; Pro Git, “Git Objects”) for others.
 * @param oid a hash of the kind that is wanted
 * @param size of the whole file, in bytes
 */
export async function contentHash(oid: string, size: number): Promise<ContentHash> {
  if (oid.length !== 40) return sha256Hash();
  const hasher = await createSHA1();
  hasher.init();
  const begin = `blob ${size}\0`;
  hasher.update(begin);
  return toContentHash(hasher, begin);
}

/** The hash of files that the Hub keeps in LFS. */
export async function sha256Hash(): Promise<ContentHash> {
  const hasher = await createSHA256();
  hasher.init();
  return toContentHash(hasher);
}

const toContentHash = (hasher: IHasher, begin = ''): ContentHash => ({
  update: (bytes) => void hasher.update(bytes),
  digest: () => hasher.digest('hex'),
  save: () => hasher.save(),
  load: (state) => void hasher.load(state),
  reset: () => void hasher.init().update(begin),
});

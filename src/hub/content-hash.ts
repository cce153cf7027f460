import { createSHA1, createSHA256 } from 'hash-wasm';

/** A hash in the making, over a file's bytes in their order. */
export interface ContentHash {
  update(bytes: Uint8Array): void;
  /** Lower-case hex. */
  digest(): string;
}

/**
 * What names a file's content on the Hub: sha256 (64 digits) where it lies in LFS or Xet, else git's own sha1 of a blob (40
 * digits: Git Internals, “Git Objects”).
 * @param oid tells which of the two
 * @param size of the whole file, bytes
 */
export async function contentHash(oid: string, size: number): Promise<ContentHash> {
  const isGit = oid.length === 40;
  const hasher = await (isGit ? createSHA1() : createSHA256());
  hasher.init();
  if (isGit) hasher.update(`blob ${size}\0`);
  return { update: (bytes) => void hasher.update(bytes), digest: () => hasher.digest('hex') };
}

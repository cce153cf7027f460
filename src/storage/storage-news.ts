import type { AppError } from '../protocol/errors.ts';

/** What is stored in this browser, as a person knows it; `file` is the start picture, the control layers, the embeddings. */
export type Stored = 'settings' | 'picture' | 'job' | 'experiment' | 'file';

/** Who is told how one of them fares. */
export interface StorageNews {
  /** It could not be read or written; null: it was written. */
  failed(error: AppError | null): void;
  /** So many of what an earlier visit stored could not be read, and are left out. */
  unreadable(count: number): void;
  /** It was opened: for the first time, or again, and then all that was in it may be gone. */
  opened(): void;
}

/** Told to nobody: whoever uses it sees its errors. */
export const QUIET: StorageNews = { failed: () => {}, unreadable: () => {}, opened: () => {} };

import type { AppError } from '../../protocol/errors.ts';

/** What became of the files of an import: how many were added, or were there already, and which could not be. */
export interface ImportResult {
  readonly added: number;
  readonly known: number;
  readonly refused: readonly RefusedFile[];
}

/** A file that was not imported: its name, and why. */
export interface RefusedFile {
  readonly name: string;
  readonly error: AppError;
}

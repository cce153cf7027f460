import type { InstalledModel } from '../../protocol/models.ts';

/** The bytes of all files of a model, downloaded or not. */
export const totalBytes = ({ files }: InstalledModel) => files.reduce((sum, { size }) => sum + size, 0);

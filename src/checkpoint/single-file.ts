// Placeholder so that the tree builds; overwrite this file.
import { AppError } from '../protocol/errors.ts';
import type { Tensors } from './weights.ts';
export type Prediction = 'epsilon' | 'v_prediction';
export interface SingleFile {
  readonly family: 'sd1' | 'sd2' | 'sdxl';
  readonly inpainting: boolean;
  readonly prediction: Prediction | undefined;
  configs(prediction: Prediction): Readonly<Record<string, unknown>>;
  readonly components: Readonly<Record<string, Tensors>>;
}
export function isSingleFile(_: Tensors): boolean {
  return false;
}
export async function readSingleFile(path: string, _: Tensors): Promise<SingleFile> {
  throw new AppError('unsupported-model', `${path}: no single files yet.`);
}

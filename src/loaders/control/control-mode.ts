import { AppError, type Fault } from '../../protocol/errors.ts';
import type { ControlFile } from './control-file.ts';

/**
 * The control mode of a map for this model: null for one that has none.
 * @param asked a layer's; of a Union one of its kinds
 * @throws AppError unsupported-control for a Union that has no such kind
 */
export function controlModeOf({ kind, name, tensors }: ControlFile, asked: number | null): number | null {
  if (kind !== 'ControlNet Union') return null;
  const most = tensors.get('task_embedding')?.shape[0] ?? 0;
  if (asked !== null && asked < most) return asked;
  const details = { kind: 'no-control-mode', control: name, most } satisfies Fault;
  throw new AppError('unsupported-control', `${name} has no control mode ${asked}.`, details);
}

import { readTensors, type Tensors } from '../../checkpoint/weights.ts';
import type { ModelFiles } from '../../hub/repo.ts';
import { AppError, type Fault } from '../../protocol/errors.ts';
import { renamed } from '../single-file/single-file.ts';
import { controlNetKeys } from '../single-file/single-file-keys.ts';
import { readWeightFiles } from '../weight-files.ts';
import { controlKind } from './control-kind.ts';

/** A ControlNet that has been read, by diffusers' names, for whichever model it fits. */
export interface ControlNetFile {
  readonly name: string;
  /** Tells its content from any other's. */
  readonly hash: string;
  /** Its config.json; undefined for a file by itself, whose tensors and the model's UNet say the same. */
  readonly config: unknown;
  readonly tensors: Tensors;
}

type Named = Pick<ControlNetFile, 'name' | 'hash'>;

/**
 * A ControlNet in one file: with diffusers' names, or with those of lllyasviel's files, which AUTOMATIC1111's extension and ComfyUI
 * read. Only the header is read.
 * @throws AppError unsupported-control for another kind of file; unsupported-model, corrupt-file
 */
export async function readControlNetFile(named: Named, file: Blob): Promise<ControlNetFile> {
  const tensors = await readTensors(named.name, file);
  refuseOthers(named, tensors);
  const prefix = 'control_model.';
  const bare = new Map(
    [...tensors].map(([key, tensor]) => [key.startsWith(prefix) ? key.slice(prefix.length) : key, tensor]),
  );
  if (!bare.has('time_embed.0.weight')) return { ...named, config: undefined, tensors };
  const part = { component: 'controlnet', prefix: '', tensors: bare, keys: controlNetKeys(bare) };
  return { ...named, config: undefined, tensors: renamed(named.name, part) };
}

/**
 * A ControlNet in a repository of diffusers.
 * @throws AppError unsupported-control for another kind of model; unsupported-model, download-failed, corrupt-file
 */
export async function readControlNetRepository(named: Named, files: ModelFiles): Promise<ControlNetFile> {
  const tensors = await readWeightFiles(files, 'controlnet', '');
  refuseOthers(named, tensors);
  return { ...named, config: await files.json('config.json'), tensors };
}

function refuseOthers({ name: control }: Named, tensors: Tensors): void {
  const found = controlKind(tensors);
  if (found === 'ControlNet') return;
  const details = found
    ? ({ kind: 'control-of-other-kind', control, found } satisfies Fault)
    : ({ kind: 'no-control-model', control } satisfies Fault);
  throw new AppError('unsupported-control', `${control}: expected a ControlNet, found ${found}.`, details);
}

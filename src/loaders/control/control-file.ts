import { readTensors, type Tensors } from '../../checkpoint/weights.ts';
import type { ByteSource } from '../../graph/byte-source.ts';
import { AppError, type Fault } from '../../protocol/errors.ts';
import { controlNetKeys } from '../single-file/controlnet-keys.ts';
import { renamed } from '../single-file/single-file.ts';
import { readWeightFiles, type WeightFiles } from '../weight-files.ts';
import { controlKind } from './control-kind.ts';

/** A ControlNet or a T2I-Adapter that has been read, by diffusers' names, for whichever model it fits. */
export interface ControlFile {
  readonly kind: 'ControlNet' | 'ControlNet Union' | 'T2I-Adapter';
  readonly name: string;
  /** Tells its content from any other's. */
  readonly hash: string;
  /** Its config.json; undefined for a file by itself, whose tensors, and for a ControlNet the model's UNet, say the same. */
  readonly config: unknown;
  readonly tensors: Tensors;
}

type Named = Pick<ControlFile, 'name' | 'hash'>;

/**
 * One that is a single file: with diffusers' names, or for a ControlNet with those of lllyasviel's files, which AUTOMATIC1111's extension and ComfyUI
 * read. Only the header is read.
 * @throws AppError unsupported-control for another kind of file; unsupported-model, corrupt-file
 */
export async function readControlFile(named: Named, file: ByteSource): Promise<ControlFile> {
  return controlFileOf(named, await readTensors(named.name, file));
}

/** The same for one whose header has been read. */
export function controlFileOf(named: Named, tensors: Tensors): ControlFile {
  const kind = knownKind(named, tensors);
  const prefix = 'control_model.';
  const bare = new Map(
    [...tensors].map(([key, tensor]) => [key.startsWith(prefix) ? key.slice(prefix.length) : key, tensor]),
  );
  if (!bare.has('time_embed.0.weight')) return { ...named, kind, config: undefined, tensors };
  const part = { component: 'controlnet', prefix: '', tensors: bare, keys: controlNetKeys(bare) };
  return { ...named, kind, config: undefined, tensors: renamed(named.name, part) };
}

/**
 * One that is a repository of diffusers.
 * @throws AppError unsupported-control for another kind of model; unsupported-model, download-failed, corrupt-file
 */
export async function readControlRepository(named: Named, files: WeightFiles): Promise<ControlFile> {
  const tensors = await readWeightFiles(files, 'controlnet', '');
  const kind = knownKind(named, tensors);
  return { ...named, kind, config: await files.json('config.json'), tensors };
}

function knownKind({ name: control }: Named, tensors: Tensors): ControlFile['kind'] {
  const found = controlKind(tensors);
  if (found === 'ControlNet' || found === 'ControlNet Union' || found === 'T2I-Adapter') return found;
  const details = found
    ? ({ kind: 'control-of-other-kind', control, found } satisfies Fault)
    : ({ kind: 'no-control-model', control } satisfies Fault);
  throw new AppError(
    'unsupported-control',
    `${control}: expected a ControlNet or T2I-Adapter, found ${found}.`,
    details,
  );
}

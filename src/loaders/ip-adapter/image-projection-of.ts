import type { Tensors } from '../../checkpoint/weights.ts';
import type { ImageProjection } from '../../models/image-projection.ts';
import { AppError, type Fault, unsupportedModel } from '../../protocol/errors.ts';
import { count } from '../single-file/single-file-keys.ts';

/** Kinds that read a face by a face recogniser of their own, which is for research alone, and is not run here. */
type FaceIdKind = 'FaceID' | 'FaceID Plus';
type Kind = ImageProjection['kind'] | FaceIdKind;

/** Keys of `image_proj` in the order diffusers asks for them: a plain adapter has a norm too (loaders/unet.py). */
const MARKS: readonly (readonly [kind: Kind, mark: string])[] = [
  ['plain', 'proj.weight'],
  ['full', 'proj.3.weight'],
  ['FaceID Plus', 'perceiver_resampler.proj_in.weight'],
  ['FaceID', 'norm.weight'],
  ['plus', 'latents'],
];

/** Of each head of a Resampler. */
const HEAD_SIZE = 64;

/**
 * How an IP-Adapter's file makes tokens of a picture.
 * @param adapter its name, for errors
 * @throws AppError unsupported-ip-adapter for another kind of file, and for one that needs a face model; unsupported-model for one that lacks a
 * tensor
 */
export function imageProjectionOf(adapter: string, tensors: Tensors): ImageProjection {
  const kind = MARKS.find(([, mark]) => tensors.has(`image_proj.${mark}`))?.[0];
  if (kind === undefined) throw refused({ kind: 'no-ip-adapter', adapter });
  if (kind === 'FaceID' || kind === 'FaceID Plus')
    throw refused({ kind: 'ip-adapter-face-id', adapter, found: kind });
  const size = (key: string, axis: number) => {
    const name = `image_proj.${key}`;
    const found = tensors.get(name)?.shape[axis];
    if (found === undefined) throw unsupportedModel('missing-part', adapter, name, 'no such tensor');
    return found;
  };
  switch (kind) {
    case 'plain':
      return { kind, inputWidth: size('proj.weight', 1), textWidth: size('norm.weight', 0) };
    case 'full':
      return { kind, inputWidth: size('proj.0.weight', 1), textWidth: size('proj.3.weight', 0) };
    case 'plus':
      return {
        ...{ kind, inputWidth: size('proj_in.weight', 1), textWidth: size('proj_out.weight', 0) },
        ...{ queries: size('latents', 1), width: size('latents', 2) },
        heads: Math.max(1, Math.floor(size('layers.0.0.to_q.weight', 0) / HEAD_SIZE)),
        depth: count(tensors, /^image_proj\.layers\.(\d+)\./),
      };
  }
}

function refused(details: Fault & { readonly adapter: string }): AppError {
  return new AppError('unsupported-ip-adapter', `${details.adapter}: ${details.kind}.`, details);
}

import { savedRepository } from '../../hub/golden/saved-repository.ts';
import type { ModelFiles } from '../../hub/repo.ts';
import { fillMasked } from '../../image/fill-masked.ts';
import { gaussianBlur } from '../../image/gaussian-blur.ts';
import { fromRgb } from '../../image/golden/rgb.ts';
import { binarize } from '../../image/masks.ts';
import { toGrey } from '../../image/picture.ts';
import type { InitImage } from '../../image/prepare-init-image.ts';
import { type ModelChanges, tinyModel } from '../../loaders/golden/tiny-model.ts';
import type { LoraFile } from '../../loaders/weight-source.ts';
import type { PipelineRequest } from '../pipeline-request.ts';
import { type GoldenRequest, toRequest } from './runs.ts';

/** The project's files, by their paths in it. */
export interface ProjectFiles {
  readonly has: (path: string) => boolean;
  readonly read: (path: string) => Promise<Blob>;
}

/** A run of golden/caches.py, golden/families.py, golden/inpainting.py, golden/lora.py or golden/pipeline.py. */
export interface PictureRun extends GoldenRequest, ModelChanges {
  /** A folder of golden/families; the tiny model without it. */
  readonly family?: string;
  /** The family whose scheduler settings are used with this repository. */
  readonly like?: string;
  readonly mask_blur?: number;
  readonly content?: 'noise' | 'fill';
  readonly loras?: readonly (readonly [name: string, weight: number])[];
}

/** Folders of pictures, and the file that lists their runs. Run i's picture is i.rgb. */
const RUNS = {
  caches: 'caches/runs.json',
  families: 'families/runs.json',
  inpainting: 'inpainting/cases.json',
  lora: 'lora/runs.json',
  pipeline: 'runs.json',
} as const;
export type PictureSet = keyof typeof RUNS;

/** A picture by diffusers, and what makes it here. */
export interface GoldenPicture {
  readonly files: ModelFiles;
  readonly request: PipelineRequest;
  readonly loras: readonly LoraFile[];
  /** RGB, row by row. */
  readonly expected: Uint8Array;
}

const GOLDEN = 'src/pipeline/golden';

export async function pictureRuns(set: PictureSet, { read }: ProjectFiles): Promise<readonly PictureRun[]> {
  return JSON.parse(await (await read(`${GOLDEN}/${RUNS[set]}`)).text()).runs;
}

/** What the i-th run of a set is made from. */
export async function goldenPicture(
  set: PictureSet,
  run: PictureRun,
  i: number,
  project: ProjectFiles,
): Promise<GoldenPicture> {
  const folder = `${GOLDEN}/${set === 'pipeline' ? '' : `${set}/`}`;
  const bytes = async (name: string) =>
    new Uint8Array(await (await project.read(`${folder}${name}.rgb`)).arrayBuffer());
  const { embedding } = run;
  const embeddings = embedding ? [{ token: 'mystyle', file: await project.read(embedding) }] : [];
  const loras = (run.loras ?? []).map(async ([name, weight]) => ({
    ...{ name, hash: name, textEncoderWeight: weight, unetWeight: weight },
    file: await project.read(`${GOLDEN}/lora/${name}.safetensors`),
  }));
  return {
    files: repository(run, project),
    request: { ...toRequest(run, embeddings), image: await startOf(run, bytes) },
    loras: await Promise.all(loras),
    expected: await bytes(String(i)),
  };
}

function repository({ family, ...changes }: PictureRun, { has, read }: ProjectFiles): ModelFiles {
  if (family === undefined || family === 'tiny-model') return tinyModel(read, changes);
  const at = (path: string) => `${GOLDEN}/families/${family}/${path}`;
  return savedRepository(
    (path) => has(at(path)),
    (path) => read(at(path)),
    changes.scheduler_config,
  );
}

/** The picture, and the mask, that a run starts from, as the worker prepares them. */
async function startOf(
  { strength, mask, mask_blur, content, width, height }: PictureRun,
  bytes: (name: string) => Promise<Uint8Array>,
): Promise<InitImage | null> {
  if (strength === undefined) return null;
  const file = async (kind: string) => fromRgb(await bytes(`${kind}-${width}x${height}`), width, height);
  const pixels = await file('picture');
  if (!mask) return { pixels, strength };
  const grey = toGrey(await file('mask'));
  const blurred = mask_blur === undefined ? grey : gaussianBlur(grey, mask_blur);
  const filled = content === 'fill' ? fillMasked(pixels, binarize(blurred)) : pixels;
  return { pixels: filled, strength, mask: blurred, isNoiseMasked: content === 'noise' };
}

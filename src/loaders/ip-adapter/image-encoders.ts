import { readTensors } from '../../checkpoint/weights.ts';
import type { ModelFiles } from '../../hub/repo.ts';
import { CLIPVisionConfig } from '../../models/clip-vision.ts';
import { parseConfig } from '../../protocol/parse-config.ts';
import type { ImageEncoder } from './ip-adapter-file.ts';

/** The files of an image encoder, in its folder. */
export const ENCODER_FILES = { config: 'config.json', weights: 'model.safetensors' } as const;

/**
 * An image encoder; of its weights only the header is read.
 * @param folder with its slash; empty for one that is a repository by itself
 * @throws AppError unsupported-model, naming the key; not-installed, download-failed, corrupt-file
 */
export async function readImageEncoder(
  hash: string,
  files: ModelFiles,
  folder: string,
): Promise<ImageEncoder> {
  const config = parseConfig(
    'image_encoder',
    CLIPVisionConfig,
    await files.json(folder + ENCODER_FILES.config),
  );
  const path = folder + ENCODER_FILES.weights;
  return { hash, config, tensors: await readTensors(path, await files.file(path)) };
}

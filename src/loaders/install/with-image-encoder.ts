import { CLIPVisionConfig } from '../../models/clip-vision.ts';
import type { ImageProjection } from '../../models/image-projection.ts';
import type { RepoFile } from '../../protocol/models.ts';
import { parseConfig } from '../../protocol/parse-config.ts';
import { ENCODER_FILES } from '../ip-adapter/image-encoders.ts';
import { isEncoderOf } from '../ip-adapter/ip-adapter-file.ts';

/** The folder of an image encoder, as h94/IP-Adapter has it beside its adapters. */
const ENCODER_FOLDER = /(^|\/)image_encoder\/$/;

const folderOf = ({ path }: RepoFile) => path.slice(0, path.lastIndexOf('/') + 1);

/** The files of adapters in a repository that has image encoders, outside of its root; empty for all other repositories. */
export function adaptersBesideEncoders(files: readonly RepoFile[]): readonly RepoFile[] {
  if (!files.some((file) => ENCODER_FOLDER.test(folderOf(file)))) return [];
  return files.filter((file) => /\.safetensors$/.test(file.path) && !ENCODER_FOLDER.test(folderOf(file)));
}

/**
 * An IP-Adapter's file, and those of the image encoder that it was trained with: the one beside it, or another one of its repository. An
 * adapter without any is taken alone, since another one's may do.
 * @param read reads one of the small files
 * @throws AppError unsupported-model, naming the key; what `read` throws
 */
export async function withImageEncoder(
  adapter: RepoFile,
  projection: ImageProjection,
  files: readonly RepoFile[],
  read: (file: RepoFile) => Promise<unknown>,
): Promise<RepoFile[]> {
  const isBeside = (config: RepoFile) => folderOf(config) === `${folderOf(adapter)}image_encoder/`;
  const configs = files
    .filter(
      (file) => ENCODER_FOLDER.test(folderOf(file)) && file.path === folderOf(file) + ENCODER_FILES.config,
    )
    .toSorted((a, b) => Number(isBeside(b)) - Number(isBeside(a)));
  for (const config of configs) {
    const weights = files.find(({ path }) => path === folderOf(config) + ENCODER_FILES.weights);
    if (!weights) continue;
    if (isEncoderOf(projection, parseConfig('image_encoder', CLIPVisionConfig, await read(config))))
      return [adapter, config, weights];
  }
  return [adapter];
}

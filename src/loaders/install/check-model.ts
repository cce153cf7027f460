import { isLora } from '../../checkpoint/lora/keys.ts';
import { readTensors, Weights } from '../../checkpoint/weights.ts';
import type { ByteSource } from '../../graph/byte-source.ts';
import { componentClass } from '../component-classes.ts';
import { checkControlFile } from '../control/check-control-file.ts';
import { controlFileOf } from '../control/control-file.ts';
import { controlKind } from '../control/control-kind.ts';
import { imageProjectionOf } from '../ip-adapter/image-projection-of.ts';
import { isIpAdapter } from '../ip-adapter/ip-adapter-file.ts';
import type { ModelSource } from '../model-source.ts';
import { loaderOf } from '../pipelines.ts';
import { INDEX_FILE, readModelIndex } from '../repository-layout.ts';
import { singleFileSource } from '../single-file/single-file-source.ts';

/**
 * Builds every graph of a model, which asks the headers of its files for every tensor by name, shape and type; no weight is
 * read. What this finds would be found when the model is first used, after gigabytes were copied.
 * @throws AppError unsupported-model, naming the key of a configuration or the tensor
 */
export async function checkModel({ files, tensors }: Pick<ModelSource, 'files' | 'tensors'>): Promise<void> {
  const index = readModelIndex(await files.json(INDEX_FILE));
  for (const name of loaderOf(index).components(index))
    await checkComponent(name, index.classes[name], await files.json(`${name}/config.json`), tensors);
}

/** The same for one component. @param json its config.json */
export async function checkComponent(
  name: string,
  className: string | undefined,
  json: unknown,
  tensors: ModelSource['tensors'],
): Promise<void> {
  const build = componentClass(className)?.read(name, json);
  build?.(Weights.of(name, await tensors(name)));
}

/**
 * The same for a .safetensors file that is a model by itself, a control model, an IP-Adapter, or a LoRA, which is not checked. Gives what it is.
 * @throws AppError unsupported-model, unsupported-control, unsupported-ip-adapter, corrupt-file
 */
export async function checkFile(
  path: string,
  file: ByteSource,
): Promise<'model' | 'lora' | 'control' | 'ip_adapter'> {
  const tensors = await readTensors(path, file);
  if (isIpAdapter(tensors.keys())) {
    imageProjectionOf(path, tensors);
    return 'ip_adapter';
  }
  if (controlKind(tensors)) {
    checkControlFile(controlFileOf({ name: path, hash: '' }, tensors));
    return 'control';
  }
  if (isLora(tensors.keys())) return 'lora';
  await checkModel(await singleFileSource(path, tensors, null));
  return 'model';
}

/**
 * Reads the configurations of a repository's components.
 * @param index what model_index.json says
 * @throws AppError unsupported-model, naming the key
 */
export async function checkConfigs(index: unknown, json: (path: string) => Promise<unknown>): Promise<void> {
  const modelIndex = readModelIndex(index);
  for (const name of loaderOf(modelIndex).components(modelIndex))
    componentClass(modelIndex.classes[name])?.read(name, await json(`${name}/config.json`));
}

import { isLora } from '../../checkpoint/lora/keys.ts';
import { readTensors, type Tensors, Weights } from '../../checkpoint/weights.ts';
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
import { type LoneComponent, readLoneComponent } from '../single-file/lone-component.ts';
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
 * The same for a file that is a model by itself, a UNet or text encoder alone, a control model, an IP-Adapter, or a LoRA, which is not
 * checked. Gives what it is.
 * @throws AppError unsupported-model, unsupported-control, unsupported-ip-adapter, corrupt-file
 */
export async function checkFile(path: string, file: ByteSource): Promise<FileKind> {
  return checkTensors(path, await readTensors(path, file));
}

/** What a file is by itself. */
type FileKind = 'model' | 'lora' | 'unet' | 'text_encoder' | 'control' | 'ip_adapter';

/** The same for a file whose header is read already. @throws AppError unsupported-model, unsupported-control, unsupported-ip-adapter */
export async function checkTensors(path: string, tensors: Tensors): Promise<FileKind> {
  if (isIpAdapter(tensors.keys())) {
    imageProjectionOf(path, tensors);
    return 'ip_adapter';
  }
  if (controlKind(tensors)) {
    checkControlFile(controlFileOf({ name: path, hash: '' }, tensors));
    return 'control';
  }
  if (isLora(tensors.keys())) return 'lora';
  const lone = readLoneComponent(path, tensors);
  if (lone) {
    const { component, className, config } = lone;
    await checkComponent(component, className, config, async () => lone.tensors);
    return entryTypeOf(lone);
  }
  await checkModel(await singleFileSource(path, tensors, null));
  return 'model';
}

/** A text encoder is one entry's type, whichever of SDXL's two it is. */
const entryTypeOf = ({ component }: LoneComponent) => (component === 'unet' ? 'unet' : 'text_encoder');

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

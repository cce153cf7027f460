import { quantizeTensors } from '../checkpoint/quantize.ts';
import { contentHash } from '../hub/content-hash.ts';
import type { Library } from '../hub/library.ts';
import { AppError } from '../protocol/errors.ts';
import type { QuantizedBits } from '../protocol/generation.ts';
import type { InstalledModel, RepoFile } from '../protocol/models.ts';
import {
  type ModelSource,
  quantizedPath,
  repositorySource,
  singleFileSource,
  type WeightedComponent,
} from './model-source.ts';

const COMPONENTS = ['unet', 'text_encoder', 'text_encoder_2'] as const satisfies readonly WeightedComponent[];
/** One at a time: what a copy is called is known only at its end. */
const PART = 'quantize';

/**
 * Makes a quantised copy of a model's linear layers, a file a component, and notes it in the model's row. The original
 * stays: what is not in the copy is read from there.
 * @param onProgress hears of weights done, of how many
 * @throws AppError not-installed, storage-full; AbortError, after which nothing is left of the component in hand
 */
export async function quantizeModel(
  library: Library,
  id: string,
  bits: QuantizedBits,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (done: number, total: number) => void },
): Promise<InstalledModel> {
  const model = await library.find(id);
  if (!model?.complete) throw new AppError('not-installed', `${id} is not on this device.`, { model: id });
  const source = await sourceOf(library, model);
  const index = (await source.files.json('model_index.json')) as Record<string, unknown>;
  const components = COMPONENTS.filter((component) => index[component]);
  const files: RepoFile[] = [];
  for (const [i, component] of components.entries()) {
    const file = await quantizeComponent(library, source, component, bits, signal, (done, total) =>
      // The U-Net is nearly all of it.
      onProgress(i === 0 ? done : total, total),
    );
    files.push(file);
  }
  const others = model.files.filter(({ path }) => !files.some((file) => file.path === path));
  const whole = { ...model, files: [...others, ...files] };
  await library.put(whole);
  return whole;
}

async function sourceOf(library: Library, model: InstalledModel): Promise<ModelSource> {
  const files = library.files(model);
  const [only, ...others] = model.files.filter(({ path }) => !path.startsWith('quantized/'));
  return only && others.length === 0
    ? singleFileSource(only.path, await files.file(only.path), null)
    : repositorySource(files);
}

async function quantizeComponent(
  library: Library,
  source: ModelSource,
  component: WeightedComponent,
  bits: QuantizedBits,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<RepoFile> {
  const tensors = await source.tensors(component);
  return navigator.locks.request('safelight.quantize', { signal }, async () => {
    const part = await library.store.openPart(PART);
    part.clear();
    try {
      const hash = await contentHash(''.padEnd(64, '0'), 0);
      const append = (bytes: Uint8Array) => {
        hash.update(bytes);
        part.append(bytes);
      };
      await quantizeTensors(tensors, bits, { append }, { signal, onProgress });
      const [oid, size] = [hash.digest(), part.size];
      await part.finish(oid);
      return { path: quantizedPath(component, bits), size, oid };
    } catch (error) {
      part.close();
      await library.store.remove(PART);
      throw error;
    }
  });
}

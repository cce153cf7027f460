import { quantizeTensors } from '../../checkpoint/quantize.ts';
import type { TurnOptions } from '../../hub/in-turn.ts';
import type { Library } from '../../hub/library.ts';
import { writeBlob } from '../../hub/write-blob.ts';
import type { QuantizedBits } from '../../protocol/generation.ts';
import { type InstalledModel, isQuantizedPath, quantizedPath, type RepoFile } from '../../protocol/models.ts';
import { type ModelSource, repositorySource } from '../model-source.ts';
import { loaderOf } from '../pipelines.ts';
import { INDEX_FILE, readModelIndex } from '../repository-layout.ts';
import { openSingleFile } from '../single-file/single-file-source.ts';

/**
 * Makes a quantised copy of a model's linear layers, one file per component, and adds the files to the model's row. The
 * original stays: tensors that are not in the copy are read from there.
 * @param onProgress called with how many weights are done, out of how many
 * @throws AppError not-installed, storage-full; AbortError. An unfinished file is deleted.
 */
export async function quantizeModel(
  library: Library,
  id: string,
  bits: QuantizedBits,
  { onProgress, ...turn }: TurnOptions & { onProgress: (done: number, total: number) => void },
): Promise<InstalledModel> {
  const model = await library.installed(id);
  const source = await sourceOf(library, model);
  const index = readModelIndex(await source.files.json(INDEX_FILE));
  const components = loaderOf(index).quantizable(index);
  const files: RepoFile[] = [];
  for (const [i, component] of components.entries()) {
    const file = await quantizeComponent(library, source, component, bits, turn, (done, total) =>
      // The denoiser is nearly all of the work.
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
  const [only, ...others] = model.files.filter(({ path }) => !isQuantizedPath(path));
  return only && others.length === 0
    ? openSingleFile(only.path, await files.file(only.path), null)
    : repositorySource(files);
}

async function quantizeComponent(
  library: Library,
  source: ModelSource,
  component: string,
  bits: QuantizedBits,
  turn: TurnOptions,
  onProgress: (done: number, total: number) => void,
): Promise<RepoFile> {
  const tensors = await source.tensors(component);
  const { oid, size } = await writeBlob(library.store, 'quantize', turn, (append) =>
    quantizeTensors(tensors, bits, { append }, { signal: turn.signal, onProgress }),
  );
  return { path: quantizedPath(component, bits), size, oid };
}

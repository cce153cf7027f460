import { BUNDLED, CLIP_VOCABULARY, type ModelId } from '../catalog/models.ts';
import { isOnnxRepository } from '../hub/choose-onnx-files.ts';
import { Library } from '../hub/library.ts';
import { openServedRepo, type ServedRepo } from '../hub/repo.ts';
import { AppError } from '../protocol/errors.ts';
import type { GenerationRequest } from '../protocol/generation.ts';
import type { InstalledModel, SwappableComponent } from '../protocol/models.ts';
import {
  componentSource,
  type ModelSource,
  quantizedIn,
  readTinyVae,
  repositorySource,
  singleFileSource,
  type TinyVae,
  withComponent,
} from './model-source.ts';
import { onnxSource } from './onnx-source.ts';

export interface OpenedModel {
  readonly source: ModelSource;
  readonly preview: TinyVae | null;
  /** Every file starts to arrive; those on this device are there already. */
  fetchAll: ServedRepo['fetchAll'];
}

/** A model, and what of others goes with it. */
export type ModelChoice = Pick<GenerationRequest, 'model' | 'textEncoder' | 'unet' | 'vae' | 'previewVae'>;

/**
 * A model, wherever it lies: beside the page, or on this device; with components that are not its own where they are
 * named.
 * @param root where the bundled models are served from
 * @throws AppError not-installed, download-failed, corrupt-file, unsupported-model
 */
export async function openModel(choice: ModelChoice, root: URL): Promise<OpenedModel> {
  const { model, textEncoder, unet, vae, previewVae } = choice;
  const opened = await openOwn(model, root);
  let { source } = opened;
  const swaps = { text_encoder: textEncoder, unet, vae } satisfies Record<SwappableComponent, ModelId | null>;
  for (const [component, donor] of Object.entries(swaps) as [SwappableComponent, ModelId | null][])
    if (donor !== null) source = withComponent(source, component, await openDonor(component, donor, root));
  const tiny = previewVae === null ? null : await installed(previewVae);
  return {
    fetchAll: opened.fetchAll,
    source,
    preview: tiny && (await readTinyVae(tiny.library.files(tiny.row))),
  };
}

/**
 * What tells one choice from another: also a model that was deleted and fetched again, or is to be read differently.
 * @throws AppError not-installed
 */
export async function choiceKey({ model, textEncoder, unet, vae, previewVae }: ModelChoice): Promise<string> {
  const versions = [model, textEncoder, unet, vae, previewVae].map(async (id) => {
    if (id === null || BUNDLED[id]) return id;
    const { row } = await installed(id);
    return [id, row.files.map(({ oid }) => oid), row.facts?.prediction ?? null];
  });
  return JSON.stringify(await Promise.all(versions));
}

/** What a component is taken from: a repository of its own, or a whole model. */
async function openDonor(component: SwappableComponent, id: ModelId, root: URL): Promise<ModelSource> {
  const { row, library } = await installed(id);
  if (row.type === component) return componentSource(component, row.className ?? '', library.files(row));
  return (await openOwn(id, root)).source;
}

async function openOwn(model: ModelId, root: URL): Promise<Pick<OpenedModel, 'source' | 'fetchAll'>> {
  const bundled = BUNDLED[model];
  if (bundled) {
    const repo = await openServedRepo(new URL(`${bundled.path}/`, root).href);
    return { source: repositorySource(repo), fetchAll: (onBytes) => repo.fetchAll(onBytes) };
  }
  const { row, library } = await installed(model);
  await library.touch(model);
  const files = library.files(row);
  const own = row.files.filter(({ path }) => !path.startsWith('quantized/'));
  if (isOnnxRepository(own)) return { source: await onnxSource(files), fetchAll: () => {} };
  const [only, ...others] = own;
  if (!only || others.length > 0) return { source: repositorySource(files), fetchAll: () => {} };
  const vocabulary = await openServedRepo(new URL(`${CLIP_VOCABULARY}/`, root).href);
  const prediction = row.facts?.prediction ?? null;
  const source = await singleFileSource(only.path, await files.file(only.path), prediction, vocabulary);
  return { source: { ...source, quantized: quantizedIn(files) }, fetchAll: () => {} };
}

async function installed(id: ModelId): Promise<{ row: InstalledModel; library: Library }> {
  const library = await Library.open();
  const row = await library.find(id);
  if (!row?.complete) throw new AppError('not-installed', `${id} is not on this device.`, { model: id });
  return { row, library };
}

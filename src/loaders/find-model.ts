import { bundledModel, CLIP_VOCABULARY, type ModelId } from '../catalog/models.ts';
import type { Library } from '../hub/library.ts';
import { openServedRepo, type ServedRepo } from '../hub/repo.ts';
import type { GenerationRequest } from '../protocol/generation.ts';
import { type InstalledModel, isQuantizedPath, type SwappableComponent } from '../protocol/models.ts';
import { COMPONENT_NAMES, MODEL_NAMES, type ModelName, SETTINGS } from '../protocol/settings.ts';
import {
  componentSource,
  type ModelSource,
  quantizedIn,
  readTinyVae,
  repositorySource,
  type TinyVae,
  withComponent,
} from './model-source.ts';
import { onnxSource } from './onnx/onnx-source.ts';
import { isOnnxRepository } from './repository-layout.ts';
import { openLoneComponent, withLoneComponent } from './single-file/lone-component-source.ts';
import { openSingleFile } from './single-file/single-file-source.ts';

/** The files of a model, wherever they are. */
export interface FoundModel {
  readonly source: ModelSource;
  readonly previewVae: TinyVae | null;
  /** Starts to download all files of a bundled model; installed models have theirs already. */
  fetchAll: ServedRepo['fetchAll'];
}

/** A model, and the components of other models that replace its own. */
export type ModelChoice = Pick<GenerationRequest, ModelName>;

/** Where models are looked for. */
export interface ModelPlaces {
  /** The address that bundled models are served below. */
  readonly root: URL;
  /** Opens the models on this device. */
  readonly openLibrary: () => Promise<Library>;
}

/**
 * Finds a model's files: beside the page, or on this device.
 * @throws AppError not-installed, download-failed, corrupt-file, unsupported-model
 */
export async function findModel(choice: ModelChoice, places: ModelPlaces): Promise<FoundModel> {
  const { model, previewVae } = choice;
  const found = await findWhole(model, places);
  let { source } = found;
  for (const name of COMPONENT_NAMES) {
    const { component } = SETTINGS[name];
    const donor = choice[name];
    if (donor !== null) source = await withDonor(source, component, donor, places);
  }
  const tiny = previewVae === null ? null : await installed(previewVae, places);
  return {
    fetchAll: found.fetchAll,
    source,
    previewVae: tiny && (await readTinyVae(tiny.library.files(tiny.row))),
  };
}

/**
 * Tells whether two choices give the same model: the key also changes when a model was deleted and downloaded again, or is
 * to be read differently.
 * @throws AppError not-installed
 */
export async function choiceKey(choice: ModelChoice, places: ModelPlaces): Promise<string> {
  const versions = MODEL_NAMES.map(async (name) => {
    const id = choice[name];
    if (id === null || bundledModel(id)) return id;
    const { row } = await installed(id, places);
    return [id, row.files.map(({ oid }) => oid), row.facts?.prediction ?? null];
  });
  return JSON.stringify(await Promise.all(versions));
}

/** The same model with a component from elsewhere: a file or a repository that is only that component, or another model. */
async function withDonor(
  source: ModelSource,
  component: SwappableComponent,
  id: ModelId,
  places: ModelPlaces,
): Promise<ModelSource> {
  const { row, library } = await installed(id, places);
  const files = library.files(row);
  const lone = row.type === component ? await openLoneComponent(row, files) : null;
  if (lone) return withLoneComponent(source, lone);
  const donor =
    row.type === component
      ? componentSource(component, row.className ?? '', files)
      : (await findWhole(id, places)).source;
  return withComponent(source, component, donor);
}

async function findWhole(
  model: ModelId,
  places: ModelPlaces,
): Promise<Pick<FoundModel, 'source' | 'fetchAll'>> {
  const bundled = bundledModel(model);
  if (bundled) {
    const repo = await openServedRepo(new URL(`${bundled.path}/`, places.root).href);
    return { source: repositorySource(repo), fetchAll: (onBytes) => repo.fetchAll(onBytes) };
  }
  const { row, library } = await installed(model, places);
  await library.touch(model);
  const files = library.files(row);
  const own = row.files.filter(({ path }) => !isQuantizedPath(path));
  if (isOnnxRepository(own)) return { source: await onnxSource(files), fetchAll: () => {} };
  const [only, ...others] = own;
  if (!only || others.length > 0) return { source: repositorySource(files), fetchAll: () => {} };
  const vocabulary = await openServedRepo(new URL(`${CLIP_VOCABULARY}/`, places.root).href);
  const prediction = row.facts?.prediction ?? null;
  const source = await openSingleFile(only.path, await files.file(only.path), prediction, vocabulary);
  return { source: { ...source, quantized: quantizedIn(files) }, fetchAll: () => {} };
}

async function installed(
  id: ModelId,
  { openLibrary }: ModelPlaces,
): Promise<{ row: InstalledModel; library: Library }> {
  const library = await openLibrary();
  return { row: await library.installed(id), library };
}

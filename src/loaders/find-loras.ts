import type { ModelId } from '../catalog/models.ts';
import { takeBundledEmbeddings } from '../checkpoint/lora/bundled-embeddings.ts';
import { ADAPTER_CONFIG } from '../checkpoint/lora/config.ts';
import { readModelspecThumbnail } from '../checkpoint/lora/thumbnail.ts';
import { readTriggerWords } from '../checkpoint/lora/trigger-words.ts';
import { readTensors } from '../checkpoint/weights.ts';
import type { Library } from '../hub/library.ts';
import type { LoraTag } from '../prompt/lora-tags.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import type { EmbeddingFile } from '../protocol/generation.ts';
import type { InstalledModel } from '../protocol/models.ts';
import type { LoraFile } from './weight-source.ts';

/**
 * The files of the LoRAs that a prompt names.
 * @throws AppError unsupported-lora for one that is not on this device; no-storage
 */
export async function findLoras(
  openLibrary: () => Promise<Library>,
  tags: readonly LoraTag[],
): Promise<LoraFile[]> {
  if (tags.length === 0) return [];
  const library = await openLibrary();
  const rows = await rowsByName(library);
  return Promise.all(
    tags.map(async (tag) => {
      const row = rows.get(tag.name);
      const [entry, beside] = row?.files ?? [];
      if (!row || !entry) throw absentLora(tag.name);
      await library.touch(row.id);
      const files = library.files(row);
      const config = beside?.path.endsWith(ADAPTER_CONFIG) ? await files.json(beside.path) : undefined;
      const hash = row.files.map(({ oid }) => oid).join();
      return { ...tag, hash, file: await files.file(entry.path), config };
    }),
  );
}

/**
 * The textual inversions inside the LoRAs that a prompt names, whether a model can use these or not; of each file only the
 * header is read. A LoRA that is not on this device has none.
 * @throws AppError corrupt-file, no-storage
 */
export async function findBundledEmbeddings(
  openLibrary: () => Promise<Library>,
  tags: readonly LoraTag[],
): Promise<EmbeddingFile[]> {
  if (tags.length === 0) return [];
  const library = await openLibrary();
  const rows = await rowsByName(library);
  const found = tags.map(async ({ name }) => {
    const row = rows.get(name);
    const [entry] = row?.files ?? [];
    if (!row || !entry) return [];
    const file = await library.files(row).file(entry.path);
    return takeBundledEmbeddings(file, await readTensors(name, file)).embeddings;
  });
  return (await Promise.all(found)).flat();
}

/** The trigger words in the file of a LoRA on this device; none where it is not there any more. @throws AppError no-storage */
export async function findTriggerWords(library: Library, id: ModelId): Promise<string[]> {
  const row = await library.find(id);
  const [entry] = row?.files ?? [];
  return row && entry ? readTriggerWords(await library.files(row).file(entry.path)) : [];
}

/** The picture that the file of a model on this device holds of what it makes; null where there is none. @throws AppError no-storage */
export async function findThumbnail(library: Library, id: ModelId): Promise<Blob | null> {
  const row = await library.find(id);
  const [entry] = row?.files ?? [];
  if (!row || !entry?.path.endsWith('.safetensors')) return null;
  return readModelspecThumbnail(await library.files(row).file(entry.path));
}

/** The LoRAs on this device by their names; of several with one name the first of the list. */
async function rowsByName(library: Library): Promise<ReadonlyMap<string, InstalledModel>> {
  const rows = (await library.list()).filter(({ type, complete }) => type === 'lora' && complete);
  return new Map(rows.toReversed().map((row) => [row.label, row]));
}

function absentLora(lora: string): AppError {
  const details = { kind: 'lora-absent', lora } satisfies Fault;
  return new AppError('unsupported-lora', `There is no LoRA called ${lora} on this device.`, details);
}

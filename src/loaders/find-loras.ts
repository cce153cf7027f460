import { ADAPTER_CONFIG } from '../checkpoint/lora/config.ts';
import type { Library } from '../hub/library.ts';
import type { LoraTag } from '../prompt/lora-tags.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
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
  const rows = (await library.list()).filter(({ type, complete }) => type === 'lora' && complete);
  return Promise.all(
    tags.map(async (tag) => {
      const row = rows.find(({ label }) => label === tag.name);
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

function absentLora(lora: string): AppError {
  const details = { kind: 'lora-absent', lora } satisfies Fault;
  return new AppError('unsupported-lora', `There is no LoRA called ${lora} on this device.`, details);
}

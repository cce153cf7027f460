import { Library } from '../hub/library.ts';
import type { LoraTag } from '../prompt/lora-tags.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import type { LoraFile } from './components.ts';

/**
 * The LoRAs that a prompt calls, by the names they have on this device.
 * @throws AppError unsupported-lora for one that is not there
 */
export async function findLoras(tags: readonly LoraTag[]): Promise<LoraFile[]> {
  if (tags.length === 0) return [];
  const library = await Library.open();
  const rows = (await library.list()).filter(({ type, complete }) => type === 'lora' && complete);
  return Promise.all(
    tags.map(async (tag) => {
      const row = rows.find(({ label }) => label === tag.name);
      const [entry] = row?.files ?? [];
      if (!row || !entry) {
        const message = `there is no LoRA called ${tag.name} on this device.`;
        throw new AppError('unsupported-lora', message, {
          kind: 'lora-absent',
          lora: tag.name,
        } satisfies Fault);
      }
      await library.touch(row.id);
      return { ...tag, file: await library.files(row).file(entry.path) };
    }),
  );
}

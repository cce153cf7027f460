import type { EntryType } from '../../protocol/models.ts';
import { COMPONENT_NAMES } from '../../protocol/settings.ts';
import type { PictureRow } from '../../storage/picture-row.ts';

/** A model, a part of one, a LoRA or an embedding: by its id, or by the name that a prompt calls it by. */
export interface Ingredient {
  readonly type: EntryType | 'embedding';
  readonly id: string;
  readonly label: string;
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whether a prompt calls a LoRA by its tag, or an embedding by its word. */
export function isCalled(text: string, { type, label }: Ingredient): boolean {
  if (type === 'lora') return new RegExp(`<(lora|lyco):${escaped(label)}[:>]`).test(text);
  return (
    type === 'embedding' &&
    new RegExp(`(?<![\\p{L}\\p{N}_])${escaped(label)}(?![\\p{L}\\p{N}_])`, 'iu').test(text)
  );
}

/** The last picture that was made with something, a favourite first; null where there is none. @param rows newest first */
export function pictureMadeWith(rows: readonly PictureRow[], made: Ingredient): PictureRow | null {
  const uses = ({ settings }: PictureRow) => {
    if (!settings || settings.notes.some(({ kind }) => kind === 'stopped')) return false;
    const { model, prompt = '', negativePrompt = '' } = settings.settings;
    if (made.type === 'model') return model === made.id;
    if (made.type === 'lora' || made.type === 'embedding')
      return isCalled(`${prompt} ${negativePrompt}`, made);
    if (made.type === 'control') return settings.settings.controls?.some((one) => one.model === made.id);
    if (made.type === 'ip_adapter')
      return settings.settings.picturePrompts?.some((one) => one.adapter === made.id);
    return COMPONENT_NAMES.some((name) => settings.settings[name] === made.id);
  };
  const all = rows.filter(uses);
  return all.find(({ isFavourite }) => isFavourite) ?? all[0] ?? null;
}

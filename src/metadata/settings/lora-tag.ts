import type { SettingsNote } from '../../protocol/picture-settings.ts';
import { shortName } from './accept-settings.ts';

/** A file's name without folders and extension, as prompts and lists have it. */
export function fileStem(path: string): string {
  return (path.split(/[/\\]/).at(-1) as string).replace(/\.(safetensors|ckpt|pt|bin)$/i, '');
}

/** A LoRA that a file names, with its weights. */
export interface NamedLora {
  /** Folders and extension may be left in it. */
  readonly name: string;
  /** Of the UNet. */
  readonly weight: number;
  readonly textEncoderWeight?: number;
}

/** The tags that call LoRAs in the prompt (prompt/lora-tags.ts), and notes of those that no tag can call. */
export function loraTags(loras: readonly NamedLora[]): {
  readonly tags: readonly string[];
  readonly notes: readonly SettingsNote[];
} {
  const tags: string[] = [];
  const notes: SettingsNote[] = [];
  for (const { name: path, weight, textEncoderWeight = weight } of loras) {
    const name = fileStem(path);
    const isCallable = name !== '' && name.length <= 200 && !/[:<>]/.test(name);
    if (!isCallable || !Number.isFinite(weight) || !Number.isFinite(textEncoderWeight))
      notes.push({ kind: 'no-counterpart', name: shortName(`LoRA ${name}`) });
    else if (textEncoderWeight === weight) tags.push(`<lora:${name}:${weight}>`);
    else tags.push(`<lora:${name}:${textEncoderWeight}:${weight}>`);
  }
  return { tags, notes };
}

/** A LoRA that a prompt names: `<lora:name:weight>`. */
export interface LoraTag {
  readonly name: string;
  /** How strongly it changes the text encoders; 1 is as trained. */
  readonly textEncoderWeight: number;
  /** How strongly it changes the UNet. */
  readonly unetWeight: number;
}

/**
 * A prompt without its LoRA tags, and the tags (AUTOMATIC1111, extensions-builtin/Lora/extra_networks_lora.py):
 * `<lora:name>` has weight 1, `<lora:name:0.8>` weight 0.8, `<lora:name:0.5:0.8>` 0.5 for the text encoders and 0.8 for the
 * UNet. Of two tags with one name the first counts. A tag whose weight is not a number stays text.
 */
export function takeLoraTags(prompt: string): { readonly text: string; readonly loras: readonly LoraTag[] } {
  const loras = new Map<string, LoraTag>();
  const text = prompt.replace(TAG, (tag, name: string, first = '1', second = first) => {
    const [textEncoderWeight, unetWeight] = [Number(first), Number(second)];
    if (!Number.isFinite(textEncoderWeight) || !Number.isFinite(unetWeight)) return tag;
    if (!loras.has(name)) loras.set(name, { name, textEncoderWeight, unetWeight });
    return '';
  });
  return { text, loras: [...loras.values()] };
}

const TAG = /<lora:([^:<>]{1,200})(?::\s*([-+.\d]{1,20})\s*)?(?::\s*([-+.\d]{1,20})\s*)?>/g;

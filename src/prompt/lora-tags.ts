/** A LoRA that a prompt calls by name: `<lora:name:weight>`. */
export interface LoraTag {
  readonly name: string;
  /** How strongly it changes the text encoders, and the UNet: the second number, else the first. */
  readonly textEncoderWeight: number;
  readonly unetWeight: number;
}

/**
 * A prompt without its LoRAs, and what they were (AUTOMATIC1111, extensions-builtin/Lora/extra_networks_lora.py):
 * `<lora:name>` with weight 1, `<lora:name:0.8>`, `<lora:name:0.5:0.8>` for text encoder and UNet. One that is called
 * twice counts once, as the first time. What has no number where one belongs stays text.
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

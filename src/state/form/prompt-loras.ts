/** A LoRA that a prompt calls. */
export const LORA_TAG = /\s*<(?:lora|lyco):([^:<>]+)[^<>]*>/gi;

/** The names of the LoRAs that a prompt calls. */
export const lorasIn = (prompt: string): string[] =>
  [...prompt.matchAll(LORA_TAG)].map(([, name = '']) => name);

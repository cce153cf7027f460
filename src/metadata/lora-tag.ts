/** A file's name without folders and extension, as prompts and lists have it. */
export function fileStem(path: string): string {
  return (path.split(/[/\\]/).at(-1) as string).replace(/\.(safetensors|ckpt|pt|bin)$/i, '');
}

/** The tag that calls a LoRA in the prompt (prompt/lora-tags.ts), or null for a name that no tag can hold. */
export function loraTag(path: string, unetWeight: number, textEncoderWeight = unetWeight): string | null {
  const name = fileStem(path);
  if (name === '' || name.length > 200 || /[:<>]/.test(name)) return null;
  if (textEncoderWeight === unetWeight) return `<lora:${name}:${unetWeight}>`;
  return `<lora:${name}:${textEncoderWeight}:${unetWeight}>`;
}

/** A name such as `a-red-apple-42.png`: letters and digits of any script, all else as hyphens. */
export function pictureFileName(prompt: string, seed: number): string {
  const words = prompt
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return `${words === '' ? 'safelight' : words}-${seed}.png`;
}

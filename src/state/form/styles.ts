import type { Style } from '../../storage/stored-files.ts';

/** A text with that of a style around or behind it, as A1111 has it (modules/styles.py, merge_prompts). */
function merged(style: string, text: string): string {
  if (style.includes('{prompt}')) return style.replaceAll('{prompt}', () => text);
  return [text.trim(), style.trim()].filter((part) => part !== '').join(', ');
}

/** The texts with these styles in them, one after the other. */
export function withStyles<Texts extends Pick<Style, 'prompt' | 'negativePrompt'>>(
  texts: Texts,
  styles: readonly Style[],
): Texts {
  const put = (name: 'prompt' | 'negativePrompt') =>
    styles.reduce((text, style) => merged(style[name], text), texts[name]);
  return { ...texts, prompt: put('prompt'), negativePrompt: put('negativePrompt') };
}

/** Those of the styles that are chosen and there, in the order chosen. */
export const chosenStyles = (all: readonly Style[], names: readonly string[]): Style[] =>
  names.flatMap((name) => all.find((style) => style.name === name) ?? []);

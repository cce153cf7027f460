import type { SettingsNote } from '../../protocol/picture-settings.ts';

/**
 * Words that only Safelight and AUTOMATIC1111 take for more, as plain words: CLIP reads the same tokens, since it does not
 * tell capitals apart and takes `<` and a word after it for two.
 */
export const asWords = (text: string): string =>
  text
    .replace(/(?<![\p{L}\p{N}_])BREAK(?![\p{L}\p{N}_])/gu, 'break')
    .replace(/<(?=[\p{L}\p{N}_]{1,40}:)/gu, '< ');

/** Whether a prompt in Safelight's syntax emphasises anything by round brackets. */
export const isEmphasised = (prompt: string): boolean => /(?<!\\)(\\\\)*\(/.test(prompt);

/** Notes that a tool weighs words by a rule of its own, if any of these prompts, as Safelight reads them, has weights. */
export const emphasisNotes = (...prompts: readonly string[]): readonly SettingsNote[] =>
  prompts.some(isEmphasised) ? [{ kind: 'other-emphasis' }] : [];

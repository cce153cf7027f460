import { chosenStyles, withStyles } from '../form/styles.ts';
import type { Stores } from '../stores.ts';

/** Counts the tokens of both prompts, with the styles chosen, now and whenever any of that, the model or the embeddings change. Returns what ends that. */
export function followPromptTokens({ settings, tokens, embeddings, styles }: Stores): () => void {
  const count = () => {
    const { fields, styles: names } = settings.getState();
    const chosen = chosenStyles(styles.getState().items, names);
    const { prompt, negativePrompt } = withStyles(fields, chosen);
    tokens.getState().count(fields.model, [prompt, negativePrompt], embeddings.getState().embeddings);
  };
  count();
  const ends = [
    settings.subscribe(({ fields: now, styles: names }, { fields: before, styles: namesBefore }) => {
      const texts = ['model', 'prompt', 'negativePrompt'] as const;
      if (names !== namesBefore || texts.some((name) => now[name] !== before[name])) count();
    }),
    styles.subscribe((now, before) => {
      if (now.items !== before.items) count();
    }),
    embeddings.subscribe((now, before) => {
      if (now.embeddings !== before.embeddings) count();
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}

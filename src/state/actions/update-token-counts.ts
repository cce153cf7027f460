import type { Stores } from '../stores.ts';

/** Counts the tokens of both prompts now and whenever they, the model or the embeddings change. Returns what ends that. */
export function followPromptTokens({ settings, tokens, embeddings }: Stores): () => void {
  const count = () => {
    const { model, prompt, negativePrompt } = settings.getState().fields;
    tokens.getState().count(model, [prompt, negativePrompt], embeddings.getState().embeddings);
  };
  count();
  const ends = [
    settings.subscribe(({ fields: now }, { fields: before }) => {
      const names = ['model', 'prompt', 'negativePrompt'] as const;
      if (names.some((name) => now[name] !== before[name])) count();
    }),
    embeddings.subscribe((now, before) => {
      if (now.embeddings !== before.embeddings) count();
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}

import type { Stores } from '../stores.ts';

/** Counts the tokens of both prompts now and whenever they, the model or the embeddings change. Returns what ends that. */
export function followPromptTokens({ settings, tokens, embeddings }: Stores): () => void {
  const count = () => {
    const { model, prompt, negative } = settings.getState().fields;
    tokens.getState().count(model, [prompt, negative], embeddings.getState().embeddings);
  };
  count();
  const ends = [
    settings.subscribe(({ fields: now }, { fields: before }) => {
      if ((['model', 'prompt', 'negative'] as const).some((name) => now[name] !== before[name])) count();
    }),
    embeddings.subscribe((now, before) => {
      if (now.embeddings !== before.embeddings) count();
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}

import { useTokens } from '../stores-context.ts';
import styles from './PromptForm.module.css';

/** “12 of 75 tokens”: the tokens of a text; chunk by chunk, “75 + 12 tokens”, when it fills more than one. */
export function TokenCount({ index }: { readonly index: number }) {
  const room = useTokens(({ counts }) => counts?.room);
  const chunks = useTokens(({ counts }) => counts?.texts[index]);
  if (!chunks || chunks.every((tokens) => tokens === 0)) return null;
  const text = chunks.length > 1 ? `${chunks.join(' + ')} tokens` : `${chunks[0]} of ${room} tokens`;
  return (
    <span
      className={styles.count}
      title={`Tokens: the pieces of words that the text encoder reads, ${room} at a time`}
    >
      {text}
    </span>
  );
}

import { useTokens } from '../../page/stores-context.ts';
import { tokensText } from '../../texts/tokens-text.ts';
import { useTexts } from '../../texts/use-texts.ts';
import styles from './PromptForm.module.css';

/** Says that the model has words of its own which its files on this device do not name. */
export function UnnamedTokens() {
  const texts = useTexts().create;
  const count = useTokens(({ counts }) => counts?.unnamed) ?? 0;
  return count > 0 && <p className={styles.note}>{texts.unnamedTokens(count)}</p>;
}

/** The tokens of a prompt, in words. */
export function TokenCount({ index }: { readonly index: number }) {
  const texts = useTexts().create;
  const room = useTokens(({ counts }) => counts?.room) ?? 0;
  const chunks = useTokens(({ counts }) => counts?.texts[index]);
  if (!chunks || chunks.every((tokens) => tokens === 0)) return null;
  return (
    <span className={styles.count} title={texts.aboutTokens(room)}>
      {tokensText(texts, chunks, room)}
    </span>
  );
}

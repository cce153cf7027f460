import { useId } from 'react';
import { SETTINGS } from '../../../protocol/settings.ts';
import { useSettings } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { Ideas } from './Ideas.tsx';
import { PastedSettings, usePastedSettings } from './PastedSettings.tsx';
import styles from './PromptForm.module.css';
import { RunButtons } from './RunButtons.tsx';
import { TokenCount, UnnamedTokens } from './TokenCount.tsx';

/** Both prompts, and the buttons Generate and Stop. */
export function PromptForm() {
  const id = useId();
  const { create: texts, fields: words } = useTexts();
  const prompt = useSettings(({ fields }) => fields.prompt);
  const negativePrompt = useSettings(({ fields }) => fields.negativePrompt);
  const set = useSettings((settings) => settings.set);
  const { onPaste, pasted, dismiss } = usePastedSettings();

  return (
    <section className={styles.prompt} aria-label={texts.label}>
      <div className={styles.field}>
        <div className={styles.heading}>
          <label htmlFor={`${id}-prompt`} title={words.about.prompt}>
            {words.labels.prompt}
          </label>
          <TokenCount index={0} />
        </div>
        <textarea
          id={`${id}-prompt`}
          dir="auto"
          rows={2}
          maxLength={SETTINGS.prompt.maxLength}
          value={prompt}
          aria-describedby={`${id}-empty`}
          onChange={(event) => set('prompt', event.target.value)}
          onPaste={onPaste}
        />
        <div className={styles.below}>
          <Ideas />
          <p id={`${id}-empty`} className={styles.note}>
            {prompt.trim() === '' && texts.mayBeEmpty}
          </p>
        </div>
        <UnnamedTokens />
        <PastedSettings {...{ pasted, dismiss }} />
      </div>
      <div className={styles.field}>
        <div className={styles.heading}>
          <label htmlFor={`${id}-negative`} title={words.about.negativePrompt}>
            {words.labels.negativePrompt}
          </label>
          <TokenCount index={1} />
        </div>
        <textarea
          id={`${id}-negative`}
          dir="auto"
          rows={1}
          maxLength={SETTINGS.negativePrompt.maxLength}
          value={negativePrompt}
          onChange={(event) => set('negativePrompt', event.target.value)}
        />
      </div>
      <RunButtons />
    </section>
  );
}

import { useId } from 'react';
import { useSettings } from '../stores-context.ts';
import { PastedSettings, usePastedSettings } from './PastedSettings.tsx';
import styles from './PromptForm.module.css';
import { RunButtons } from './RunButtons.tsx';
import { TokenCount } from './TokenCount.tsx';

/** What the worker takes at most. */
const MAX_LENGTH = 10_000;

/** What to paint, and the buttons that begin and end it. */
export function PromptForm() {
  const id = useId();
  const prompt = useSettings(({ fields }) => fields.prompt);
  const negative = useSettings(({ fields }) => fields.negative);
  const set = useSettings((settings) => settings.set);
  const { onPaste, pasted, dismiss } = usePastedSettings();

  return (
    <section className={styles.prompt} aria-label="What to paint">
      <div className={styles.field}>
        <div className={styles.heading}>
          <label htmlFor={`${id}-prompt`} title="prompt">
            Prompt
          </label>
          <TokenCount index={0} />
        </div>
        <textarea
          id={`${id}-prompt`}
          dir="auto"
          rows={2}
          maxLength={MAX_LENGTH}
          value={prompt}
          aria-describedby={`${id}-empty`}
          onChange={(event) => set('prompt', event.target.value)}
          onPaste={onPaste}
        />
        <p id={`${id}-empty`} className={styles.note}>
          {prompt.trim() === '' && 'May be empty: the model then paints whatever comes to it.'}
        </p>
        <PastedSettings {...{ pasted, dismiss }} />
      </div>
      <div className={styles.field}>
        <div className={styles.heading}>
          <label htmlFor={`${id}-negative`} title="negative_prompt: what the picture should keep away from">
            Negative prompt
          </label>
          <TokenCount index={1} />
        </div>
        <textarea
          id={`${id}-negative`}
          dir="auto"
          rows={1}
          maxLength={MAX_LENGTH}
          value={negative}
          onChange={(event) => set('negative', event.target.value)}
        />
      </div>
      <RunButtons />
    </section>
  );
}

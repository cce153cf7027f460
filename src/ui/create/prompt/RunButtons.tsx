import { useEffect, useRef } from 'react';
import { useGeneration, useQueue } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import styles from './PromptForm.module.css';

/** Generate, which adds to the queue, and Stop while a job runs. */
export function RunButtons() {
  const texts = useTexts().create;
  const busy = useQueue(({ running }) => running !== null);
  const stopping = useGeneration(({ phase }) => phase === 'stopping');
  const stop = useGeneration((generation) => generation.stop);
  const generateButton = useRef<HTMLButtonElement>(null);
  const stopHadFocus = useRef(false);

  // Stop disappears at the end; the focus it had goes to Generate.
  useEffect(() => {
    if (busy || !stopHadFocus.current) return;
    stopHadFocus.current = false;
    generateButton.current?.focus({ preventScroll: true });
  }, [busy]);

  return (
    <div className={styles.buttons}>
      <button
        ref={generateButton}
        type="submit"
        className="primary"
        title={busy ? texts.waitsItsTurn : texts.shortcut}
      >
        {texts.generate}
      </button>
      {busy && (
        <button
          type="button"
          className={styles.stop}
          aria-disabled={stopping}
          title="Esc"
          onFocus={() => {
            stopHadFocus.current = true;
          }}
          onBlur={() => {
            stopHadFocus.current = false;
          }}
          onClick={stop}
        >
          {stopping ? texts.stopping : texts.stop}
        </button>
      )}
    </div>
  );
}

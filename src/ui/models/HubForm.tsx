import { useId } from 'react';
import { isMirror } from '../../state/device/hub-store.ts';
import { useHub } from '../page/stores-context.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './ModelsScreen.module.css';

/** Where models are downloaded from, and with which access token. */
export function HubForm() {
  const id = useId();
  const texts = useTexts().models;
  const { mirror, token, remembersToken, set } = useHub((settings) => settings);
  const isWrong = mirror.trim() !== '' && !isMirror(mirror);
  return (
    <details className={styles.hub}>
      <summary>{texts.hub}</summary>
      <label htmlFor={`${id}-mirror`}>{texts.mirror}</label>
      <input
        id={`${id}-mirror`}
        type="url"
        value={mirror}
        placeholder="https://huggingface.co"
        aria-invalid={isWrong}
        aria-describedby={`${id}-mirror-about`}
        onChange={(event) => set({ mirror: event.target.value })}
      />
      <p id={`${id}-mirror-about`} className={isWrong ? styles.fault : styles.hint}>
        {isWrong ? texts.noAddress : texts.noMirror}
      </p>
      <label htmlFor={`${id}-token`}>{texts.token}</label>
      <input
        id={`${id}-token`}
        type="password"
        value={token}
        autoComplete="off"
        aria-describedby={`${id}-token-about`}
        onChange={(event) => set({ token: event.target.value })}
      />
      <p id={`${id}-token-about`} className={styles.hint}>
        {texts.aboutToken}
      </p>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={remembersToken}
          onChange={(event) => set({ remembersToken: event.target.checked })}
        />
        <span>{texts.rememberToken}</span>
      </label>
    </details>
  );
}

import { useId } from 'react';
import { isMirror } from '../../state/hub-access.ts';
import { useHub } from '../stores-context.ts';
import styles from './ModelsScreen.module.css';

/** Where models are fetched from, and as whom. */
export function HubForm() {
  const id = useId();
  const { mirror, token, remembersToken, set } = useHub((settings) => settings);
  const isWrong = mirror.trim() !== '' && !isMirror(mirror);
  return (
    <details className={styles.hub}>
      <summary>Hub settings</summary>
      <label htmlFor={`${id}-mirror`}>Mirror</label>
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
        {isWrong ? 'This is no address: it must begin with https://.' : 'Empty for the Hub itself.'}
      </p>
      <label htmlFor={`${id}-token`}>Access token</label>
      <input
        id={`${id}-token`}
        type="password"
        value={token}
        autoComplete="off"
        aria-describedby={`${id}-token-about`}
        onChange={(event) => set({ token: event.target.value })}
      />
      <p id={`${id}-token-about`} className={styles.hint}>
        Only for gated models. It is sent to the Hub and nowhere else.
      </p>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={remembersToken}
          onChange={(event) => set({ remembersToken: event.target.checked })}
        />
        <span>Remember the token on this device</span>
      </label>
    </details>
  );
}

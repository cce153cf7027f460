import { useId } from 'react';
import { hubAccess, mirrorFault } from '../../state/device/hub-store.ts';
import { useHub } from '../page/stores-context.ts';
import { FieldLabel } from '../widgets/FieldLabel.tsx';
import styles from './ModelsScreen.module.css';
import { useModelsTexts } from './use-models-texts.ts';

/** Where models are downloaded from, and with which access token. */
export function HubForm() {
  const id = useId();
  const texts = useModelsTexts();
  const hub = useHub((settings) => settings);
  const { mirror, remembersToken, set, setToken } = hub;
  const fault = mirrorFault(mirror);
  const { endpoint, token } = hubAccess(hub);
  return (
    <details className={styles.hub}>
      <summary>{texts.hub}</summary>
      <FieldLabel htmlFor={`${id}-mirror`} label={texts.mirror} help="mirror" />
      <input
        id={`${id}-mirror`}
        type="url"
        value={mirror}
        placeholder="https://huggingface.co"
        aria-invalid={fault !== null}
        aria-describedby={`${id}-mirror-about`}
        onChange={(event) => set({ mirror: event.target.value })}
      />
      <p id={`${id}-mirror-about`} className={fault ? styles.fault : styles.hint}>
        {fault ? texts.mirrorFaults[fault] : texts.noMirror}
      </p>
      <FieldLabel htmlFor={`${id}-token`} label={texts.token} help="token" />
      <input
        id={`${id}-token`}
        type="password"
        value={token ?? ''}
        autoComplete="off"
        aria-describedby={`${id}-token-about`}
        onChange={(event) => setToken(event.target.value)}
      />
      <p id={`${id}-token-about`} className={styles.hint}>
        {texts.aboutToken(new URL(endpoint).host)}
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

import { modelLabel } from '../../catalog/models.ts';
import { isCopiable } from '../../protocol/models.ts';
import { hubAccess } from '../../state/device/hub-store.ts';
import { useHub, useModels } from '../page/stores-context.ts';
import { bytesText } from '../texts/bytes-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './ModelsScreen.module.css';

/** What the last lookup found, before anything large is downloaded. */
export function OfferedModel() {
  const { models: texts, numbers } = useTexts();
  const offer = useModels((store) => store.offer);
  const install = useModels((store) => store.install);
  const dismiss = useModels((store) => store.dismiss);
  const hub = useHub((settings) => settings);
  if (!offer) return null;
  const { id, type, licence, missingBytes, totalBytes, memoryBytes, files, revision } = offer;
  const isCopied = type === 'model' && files.some((file) => isCopiable(file, files));
  const copyBits = isCopied ? ([8, 4] as const) : [];
  const missing = missingBytes === 0 ? null : bytesText(numbers, missingBytes);
  return (
    <section className={styles.offer} aria-label={texts.found(id)}>
      <h3>{modelLabel(id)}</h3>
      <dl>
        <dt>{texts.is}</dt>
        <dd>{texts.kinds[type]}</dd>
        <dt>{texts.download}</dt>
        <dd>{texts.toFetch(missing, bytesText(numbers, totalBytes), files.length)}</dd>
        {type === 'model' && (
          <>
            <dt>{texts.memory}</dt>
            <dd>{texts.atWork(bytesText(numbers, memoryBytes))}</dd>
          </>
        )}
        <dt>{texts.licence}</dt>
        <dd>{licence ?? texts.noLicence}</dd>
        <dt>{texts.revision}</dt>
        <dd>{revision.slice(0, 12)}</dd>
      </dl>
      <div className={styles.actions}>
        <button type="button" className="primary" onClick={() => void install(offer, hubAccess(hub))}>
          {texts.download}
        </button>
        {copyBits.map((bits) => (
          <button
            key={bits}
            type="button"
            title={texts.aboutKeptCopy}
            onClick={() => void install(offer, hubAccess(hub), bits)}
          >
            {texts.keepCopy(bits)}
          </button>
        ))}
        <button type="button" onClick={dismiss}>
          {texts.notNow}
        </button>
      </div>
    </section>
  );
}

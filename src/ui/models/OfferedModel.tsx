import { modelLabel } from '../../catalog/models.ts';
import type { OfferedPlan } from '../../protocol/models.ts';
import { hubAccess } from '../../state/device/hub-store.ts';
import { useHub, useModels } from '../page/stores-context.ts';
import { bytesText } from '../texts/bytes-text.ts';
import type { Texts } from '../texts/en.ts';
import type { ModelsTexts } from '../texts/models-texts-en.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './ModelsScreen.module.css';
import { useModelsTexts } from './use-models-texts.ts';

/** How it would run: “about 5.4 GB while running at 1024 × 1024; one component loaded at a time”. */
function planText(
  texts: ModelsTexts,
  numbers: Texts['numbers'],
  { width, height, bytes, residency, guidance, vae, isVaeFull, copyBytes }: OfferedPlan,
): string {
  const parts = [
    texts.atWorkAt(bytesText(numbers, bytes), width, height),
    ...(residency === 'one-by-one' ? [texts.oneByOne] : []),
    ...(guidance === 'in-turn' ? [texts.inTurn] : []),
    ...(vae === 'tiled' ? [isVaeFull ? texts.fullTiles : texts.tiles] : []),
    ...(copyBytes < bytes ? [texts.withCopy(bytesText(numbers, copyBytes))] : []),
  ];
  return parts.join('; ');
}

/** What the last lookup found, before anything large is downloaded. */
export function OfferedModel() {
  const texts = useModelsTexts();
  const { numbers } = useTexts();
  const offer = useModels((store) => store.offer);
  const install = useModels((store) => store.install);
  const dismiss = useModels((store) => store.dismiss);
  const hub = useHub((settings) => settings);
  if (!offer) return null;
  const { id, type, licence, missingBytes, totalBytes, memoryBytes, files, revision, plan, copies } = offer;
  const sizes = copies.map(({ bits, bytes }) =>
    bytes === null ? null : texts.copySize(bytesText(numbers, bytes), bits),
  );
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
            <dd>{plan ? planText(texts, numbers, plan) : texts.atWork(bytesText(numbers, memoryBytes))}</dd>
          </>
        )}
        <dt>{texts.licence}</dt>
        <dd>{licence ?? texts.noLicence}</dd>
        <dt>{texts.revision}</dt>
        <dd>{revision.slice(0, 12)}</dd>
      </dl>
      {copies.length > 0 && (
        <p>
          {texts.aboutKeptCopy} {sizes.includes(null) ? null : texts.copySizes(sizes.join(', '))}
        </p>
      )}
      <div className={styles.actions}>
        <button type="button" className="primary" onClick={() => void install(offer, hubAccess(hub))}>
          {texts.download}
        </button>
        {copies.map(({ bits }) => (
          <button key={bits} type="button" onClick={() => void install(offer, hubAccess(hub), bits)}>
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

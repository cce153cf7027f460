import { useEffect } from 'react';
import type { AppError } from '../../protocol/errors.ts';
import { useGallery, useModels } from '../page/stores-context.ts';
import { errorText } from '../texts/error-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { AddModel } from './AddModel.tsx';
import { HubForm } from './HubForm.tsx';
import { MeasureGpu } from './MeasureGpu.tsx';
import { MemoryShortages } from './MemoryShortages.tsx';
import styles from './ModelsScreen.module.css';
import { OnDevice } from './OnDevice.tsx';
import { Recommended } from './Recommended.tsx';
import { useModelsTexts } from './use-models-texts.ts';

/** The models on this device, and those that can be added. */
export function ModelsScreen({ onUse }: { readonly onUse: () => void }) {
  const texts = useModelsTexts();
  const refresh = useModels((store) => store.refresh);
  // The browser may have cleared some of them.
  useEffect(() => void refresh(), [refresh]);
  const loadPictures = useGallery((gallery) => gallery.load);
  const arePicturesRead = useGallery(({ rows }) => rows !== null);
  useEffect(() => {
    if (!arePicturesRead) void loadPictures();
  }, [arePicturesRead, loadPictures]);
  const noStorage = useModels((store) => store.noStorage);
  return (
    <main className={styles.models} aria-label={texts.label}>
      <OnDevice onUse={onUse} />
      {noStorage ? <NoStorage error={noStorage} /> : <AddModel />}
      <section aria-label={texts.recommended}>
        <h2>{texts.recommended}</h2>
        <Recommended />
        {!noStorage && <HubForm />}
      </section>
      <MeasureGpu />
      <MemoryShortages />
    </main>
  );
}

/** Why nothing can be added, in the place of what adds it. */
function NoStorage({ error }: { readonly error: AppError }) {
  const texts = useModelsTexts();
  const { errors: words } = useTexts();
  const { sentence, remedy } = errorText(words, 'models', error);
  return (
    <section aria-label={texts.add}>
      <h2>{texts.anyOther}</h2>
      <p className={styles.noStorage}>
        {sentence} {remedy}
      </p>
    </section>
  );
}

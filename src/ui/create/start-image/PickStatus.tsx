import { RECOMMENDED_SEGMENTER } from '../../../catalog/recommended-parts.ts';
import { useSegments, useStores } from '../../page/stores-context.ts';
import { errorText } from '../../texts/error-text.ts';
import type { PICK_TEXTS } from '../../texts/pick-texts.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { OfferModel } from '../../widgets/OfferModel.tsx';
import styles from './PickLayer.module.css';
import type { usePicking } from './use-picking.ts';

interface Props {
  readonly texts: (typeof PICK_TEXTS)['en'];
  readonly picking: Pick<ReturnType<typeof usePicking>, 'missed' | 'model'>;
  readonly onDismiss: () => void;
}

/** What can be clicked on, what is being done, or why nothing was marked; without a model, the offer to fetch one. */
export function PickStatus({ texts, picking: { missed, model }, onDismiss }: Props) {
  const { errors } = useTexts();
  const { segments } = useStores();
  const busy = useSegments((store) => store.busy);
  const error = useSegments((store) => store.error);
  if (!model) return <OfferModel model={RECOMMENDED_SEGMENTER.id} onDismiss={onDismiss} />;
  if (error) {
    const { sentence, remedy } = errorText(errors, 'mask', error);
    return (
      <div className={styles.status}>
        <p role="alert">
          {sentence} {remedy}
        </p>
      </div>
    );
  }
  return (
    <div className={styles.status}>
      <p role="status">{busy ? texts.busy[busy] : missed ? texts.missed[missed] : texts.hint}</p>
      {busy && (
        <>
          <progress aria-label={texts.busy[busy]} />
          <button type="button" onClick={() => segments.getState().stop()}>
            {texts.stop}
          </button>
        </>
      )}
    </div>
  );
}

import { type ModelId, modelLabel } from '../../catalog/models.ts';
import { hubAccess } from '../../state/device/hub-store.ts';
import { useHub, useModels, useStores } from '../page/stores-context.ts';
import { bytesText } from '../texts/bytes-text.ts';
import { errorText } from '../texts/error-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './FetchModel.module.css';

interface Props {
  readonly model: ModelId;
  readonly onFetched: () => void;
  readonly onDismiss: () => void;
}

/** A model that is not here and has been looked up: its size and licence, before it is fetched; how far that is; or why it cannot be. */
export function FetchModel({ model, onFetched, onDismiss }: Props) {
  const { fast: texts, errors, numbers } = useTexts();
  const stores = useStores();
  const offer = useModels((models) => models.offer);
  const download = useModels(({ downloads }) => downloads[model]);
  const error = useModels((models) => models.errors[model] ?? models.errors['']);
  const dismiss = useModels((models) => models.dismiss);
  const hub = useHub((settings) => settings);
  const label = modelLabel(model);
  const notNow = (
    <button
      type="button"
      onClick={() => {
        dismiss();
        onDismiss();
      }}
    >
      {texts.notNow}
    </button>
  );
  if (download) {
    const { progress } = download;
    return (
      <progress
        aria-label={texts.fetching(label)}
        value={progress?.loadedBytes}
        max={progress ? Math.max(1, progress.totalBytes) : undefined}
      />
    );
  }
  if (error) {
    const { sentence, remedy } = errorText(errors, 'look-up', error);
    return (
      <p role="alert" className={styles.fault}>
        {label}: {sentence} {remedy} <LookUpAgain model={model} /> {notNow}
      </p>
    );
  }
  if (offer?.id !== model) return <p className={styles.said}>{texts.lookingUp(label)}</p>;
  const fetch = async () => {
    const { models } = stores;
    await models.getState().install(offer, hubAccess(hub));
    if (models.getState().installed?.some(({ id, complete }) => id === model && complete)) onFetched();
  };
  return (
    <p className={styles.said}>
      {texts.offer(label, bytesText(numbers, offer.missingBytes), offer.licence ?? texts.noLicence)}{' '}
      <button type="button" onClick={() => void fetch()}>
        {texts.fetch}
      </button>{' '}
      {notNow}
    </p>
  );
}

function LookUpAgain({ model }: Pick<Props, 'model'>) {
  const { fast: texts } = useTexts();
  const { models, device } = useStores();
  const hub = useHub((settings) => settings);
  const lookUp = () => {
    const preferHalf = device.getState().report?.auto === 'webgpu';
    void models.getState().lookUp(model, hubAccess(hub), preferHalf);
  };
  return (
    <button type="button" onClick={lookUp}>
      {texts.again}
    </button>
  );
}

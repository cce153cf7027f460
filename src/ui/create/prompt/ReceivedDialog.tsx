import { restoreSettings } from '../../../state/actions/restore-picture.ts';
import { startFrom } from '../../../state/actions/take-over.ts';
import type { ReceivedPicture } from '../../../state/form/init-image-store.ts';
import { changedFields } from '../../../state/form/offered-settings.ts';
import { useInitImage, useLanguage, useSettings, useStores } from '../../page/stores-context.ts';
import { useModal } from '../../page/use-modal.ts';
import { RECEIVED_TEXTS } from '../../texts/received-texts.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { OfferChanges, OfferNotes } from './OfferChanges.tsx';
import styles from './ReceivedDialog.module.css';
import { useOffer } from './SettingsOffer.tsx';

interface Props {
  readonly picture: ReceivedPicture;
  /** Shows the Create screen, where the picture or its settings are used. */
  readonly onUse: () => void;
}

/** Asks whether a picture is to be painted again, or started from. */
export function ReceivedDialog({ picture: { file, url, settings }, onUse }: Props) {
  const stores = useStores();
  const texts = RECEIVED_TEXTS[useLanguage(({ language }) => language)];
  const words = useTexts().settingsOffer;
  const dialog = useModal();
  const dismiss = useInitImage((image) => image.dismissReceived);
  const fields = useSettings((all) => all.fields);
  const offer = useOffer(settings);
  const changes = changedFields(offer.fields, fields);
  const { prompt } = settings.settings;
  const began = settings.notes.some(
    ({ kind }) => kind === 'began-with-picture' || kind === 'steered-by-pictures',
  );
  const use = (what: Promise<void>) => {
    dialog.current?.close();
    onUse();
    void what;
  };
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby="received" onClose={dismiss}>
      <div className={styles.what}>
        <img src={url} alt="" />
        <div>
          <h2 id="received">{words.madeWith(offer.tool === 'unknown' ? words.unknownTool : offer.tool)}</h2>
          {prompt && (
            <p dir="auto" className={styles.prompt}>
              {prompt}
            </p>
          )}
        </div>
      </div>
      <OfferNotes offer={offer} />
      <div className={styles.answers}>
        <button type="button" className="primary" onClick={() => use(restoreSettings(stores, settings))}>
          {began ? texts.useSettings : texts.reproduce}
        </button>
        <p>{began ? texts.aboutBegan : texts.aboutReproduce}</p>
        <button type="button" onClick={() => use(startFrom(stores, file))}>
          {texts.startFrom}
        </button>
        <p>{texts.aboutStartFrom}</p>
      </div>
      {changes.length > 0 && (
        <details className={styles.changes}>
          <summary>{texts.changes(changes.length)}</summary>
          <OfferChanges fields={changes} offer={offer} />
        </details>
      )}
      <button type="button" className={styles.cancel} onClick={() => dialog.current?.close()}>
        {texts.cancel}
      </button>
    </dialog>
  );
}

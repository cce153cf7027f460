import { type ReactNode, useMemo } from 'react';
import type { PictureSettings } from '../../../protocol/picture-settings.ts';
import { isOtherSteering } from '../../../state/actions/link-steering.ts';
import { restoreSteering } from '../../../state/actions/restore-steering.ts';
import { takeOver } from '../../../state/actions/take-over.ts';
import { changedFields, type Offer, offerOf } from '../../../state/form/offered-settings.ts';
import {
  useControls,
  useEmbeddings,
  useModels,
  usePicturePrompts,
  useSettings,
  useStores,
  useWildcards,
} from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { OfferChanges, OfferNotes } from './OfferChanges.tsx';
import styles from './SettingsOffer.module.css';

interface Props {
  readonly settings: PictureSettings;
  /** Where the settings were read from. */
  readonly from: 'picture' | 'text';
  /** Whether the changes are shown at once. */
  readonly isOpen?: boolean;
  /** More buttons. */
  readonly children?: ReactNode;
  readonly onDismiss?: () => void;
}

/** What a file's settings would put into the form as it stands. */
export function useOffer(settings: PictureSettings): Offer {
  const fields = useSettings((all) => all.fields);
  const installed = useModels((models) => models.installed);
  const embeddings = useEmbeddings((all) => all.embeddings);
  const wildcards = useWildcards();
  return useMemo(() => {
    const tokens = embeddings.map(({ token }) => token);
    return offerOf(settings, { fields, installed, tokens, wildcards });
  }, [settings, fields, installed, embeddings, wildcards]);
}

/** What a file's settings would change in the form, field by field. One click applies them; that can be undone. */
export function SettingsOffer({ settings, from, isOpen = false, children, onDismiss }: Props) {
  const words = useTexts().settingsOffer;
  const stores = useStores();
  const fields = useSettings((all) => all.fields);
  const offer = useOffer(settings);
  const changes = changedFields(offer.fields, fields);
  const layers = useControls((all) => all.layers);
  const prompts = usePicturePrompts((all) => all.prompts);
  const isSteered = isOtherSteering(offer, layers, prompts);
  const steering = isSteered ? offer.controls.length + offer.picturePrompts.length : 0;
  const differing = changes.length + steering;
  if (differing === 0 && offer.notes.length === 0) return null;
  const use = () => {
    const { apply } = stores.settings.getState();
    void takeOver(
      stores,
      () => {
        apply({ fields: offer.fields, refused: [], run: false });
        if (isSteered) restoreSteering(stores, offer, []);
      },
      () => ({ kind: 'settings-applied', absent: null }),
    );
  };
  const tool = offer.tool === 'unknown' ? words.unknownTool : offer.tool;
  const origin = from === 'picture' ? words.madeWith(tool) : words.pastedFrom(tool);
  const isEmpty = Object.keys(offer.fields).length === 0;
  return (
    <details className={styles.offer} open={isOpen}>
      <summary>{isEmpty ? words.nothing(origin) : words.summary(origin, differing)}</summary>
      <OfferChanges fields={changes} offer={offer} />
      <OfferNotes offer={offer} />
      <div className={styles.buttons}>
        {differing > 0 && (
          <button type="button" onClick={use}>
            {words.use}
          </button>
        )}
        {differing > 0 && children}
        {onDismiss && (
          <button type="button" onClick={onDismiss}>
            {words.dismiss}
          </button>
        )}
      </div>
    </details>
  );
}

import { type ClipboardEvent, useState } from 'react';
import { infotextOf } from '../../../metadata/a1111/split-infotext.ts';
import type { PictureSettings } from '../../../protocol/picture-settings.ts';
import { takeOver } from '../../../state/actions/take-over.ts';
import type { Stores } from '../../../state/stores.ts';
import { useStores } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { loadTwice } from '../../widgets/load-twice.ts';
import { SettingsOffer } from './SettingsOffer.tsx';

interface Pasted {
  readonly settings: PictureSettings;
  readonly text: string;
  /** The part of the prompt that the text would have replaced. */
  readonly selection: readonly [number, number];
  readonly field: HTMLElement;
  readonly count: number;
}

/**
 * Catches settings in A1111's format that are pasted into a prompt: they are offered instead of becoming part of it. Any
 * other text is left to the field.
 */
export function usePastedSettings() {
  const stores = useStores();
  const [pasted, setPasted] = useState<Pasted | null>(null);
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const text = event.clipboardData.getData('text/plain');
    if (!infotextOf(text)) return;
    event.preventDefault();
    const field = event.currentTarget;
    const selection = [field.selectionStart, field.selectionEnd] as const;
    loadTwice(() => import('../../../metadata/a1111/read-parameters.ts')).then(
      ({ readParameters }) => {
        const settings = readParameters(text);
        if (!settings) return insertText(stores, text, selection);
        setPasted((last) => ({ settings, text, field, selection, count: (last?.count ?? 0) + 1 }));
      },
      // What reads them did not come: then they are a text like any other.
      () => insertText(stores, text, selection),
    );
  };
  const dismiss = () => {
    pasted?.field.focus();
    setPasted(null);
  };
  return { onPaste, pasted, dismiss };
}

/** Puts a text into the prompt, in the place of what was selected. */
function insertText(stores: Stores, text: string, [start, end]: Pasted['selection']): void {
  const { fields, set } = stores.settings.getState();
  const whole = fields.prompt.slice(0, start) + text + fields.prompt.slice(end);
  void takeOver(
    stores,
    () => set('prompt', whole),
    () => null,
  );
}

/** Offers the pasted settings, or pastes them as text after all. */
export function PastedSettings({ pasted, dismiss }: { pasted: Pasted | null; dismiss: () => void }) {
  const texts = useTexts().settingsOffer;
  const stores = useStores();
  if (!pasted) return null;
  const { settings, text, selection, count } = pasted;
  const insert = () => {
    insertText(stores, text, selection);
    dismiss();
  };
  return (
    <SettingsOffer key={count} settings={settings} from="text" isOpen onDismiss={dismiss}>
      <button type="button" onClick={insert}>
        {texts.pasteAsText}
      </button>
    </SettingsOffer>
  );
}

import { type ClipboardEvent, useState } from 'react';
import { readParameters } from '../../../metadata/a1111/read-parameters.ts';
import type { PictureSettings } from '../../../protocol/picture-settings.ts';
import { takeOver } from '../../../state/actions/take-over.ts';
import { useStores } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
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
  const [pasted, setPasted] = useState<Pasted | null>(null);
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const text = event.clipboardData.getData('text/plain');
    const settings = readParameters(text);
    if (!settings) return;
    event.preventDefault();
    const field = event.currentTarget;
    const { selectionStart, selectionEnd } = field;
    setPasted((last) => ({
      settings,
      text,
      field,
      selection: [selectionStart, selectionEnd],
      count: (last?.count ?? 0) + 1,
    }));
  };
  const dismiss = () => {
    pasted?.field.focus();
    setPasted(null);
  };
  return { onPaste, pasted, dismiss };
}

/** Offers the pasted settings, or pastes them as text after all. */
export function PastedSettings({ pasted, dismiss }: { pasted: Pasted | null; dismiss: () => void }) {
  const texts = useTexts().settingsOffer;
  const stores = useStores();
  if (!pasted) return null;
  const { settings, text, selection, count } = pasted;
  const insert = () => {
    const { fields, set } = stores.settings.getState();
    const whole = fields.prompt.slice(0, selection[0]) + text + fields.prompt.slice(selection[1]);
    void takeOver(
      stores,
      () => set('prompt', whole),
      () => null,
    );
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

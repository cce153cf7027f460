import { useState } from 'react';
import { useTexts } from '../../texts/use-texts.ts';
import { IconButton } from '../../widgets/IconButton.tsx';
import type { StyleDraft } from '../styles/StyleForm.tsx';
import type { StylesDialog } from '../styles/StylesDialog.tsx';

/** A button that shows what prompts can be made of: styles, and lists of words. */
export function StylesButton() {
  const texts = useTexts().create;
  const [Dialog, setDialog] = useState<typeof StylesDialog | null>(null);
  // Esc closes the dialog: what is half written is there when it is opened again.
  const [draft, setDraft] = useState<StyleDraft | null>(null);
  const open = () =>
    void import('../styles/StylesDialog.tsx').then(
      (loaded) => setDialog(() => loaded.StylesDialog),
      // Without a network there may be none yet.
      () => {},
    );
  return (
    <>
      <IconButton icon="styles" label={texts.styles} hasTooltip aria-haspopup="dialog" onClick={open} />
      {Dialog && <Dialog draft={draft} onDraft={setDraft} onClose={() => setDialog(null)} />}
    </>
  );
}

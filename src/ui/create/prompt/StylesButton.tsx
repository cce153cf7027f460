import { type ComponentType, useState } from 'react';
import { useTexts } from '../../texts/use-texts.ts';
import { IconButton } from '../../widgets/IconButton.tsx';

/** A button that shows what prompts can be made of: styles, and lists of words. */
export function StylesButton() {
  const texts = useTexts().create;
  const [Dialog, setDialog] = useState<ComponentType<{ readonly onClose: () => void }> | null>(null);
  const open = () =>
    void import('../styles/StylesDialog.tsx').then(
      (loaded) => setDialog(() => loaded.StylesDialog),
      // Without a network there may be none yet.
      () => {},
    );
  return (
    <>
      <IconButton icon="styles" label={texts.styles} hasTooltip aria-haspopup="dialog" onClick={open} />
      {Dialog && <Dialog onClose={() => setDialog(null)} />}
    </>
  );
}

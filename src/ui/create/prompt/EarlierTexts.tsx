import { type ComponentType, useState } from 'react';
import type { TextName } from '../../../protocol/settings.ts';
import { usePrompts } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { IconButton } from '../../widgets/IconButton.tsx';

/** What lists the earlier texts of a field. */
type Dialog = ComponentType<{ readonly name: TextName; readonly onClose: () => void }>;

/** A button that lists the earlier texts of a field; there only where there are some. */
export function EarlierTexts({ name }: { readonly name: TextName }) {
  const texts = useTexts().create;
  const has = usePrompts((prompts) => prompts.texts[name].length > 0);
  const [Dialog, setDialog] = useState<Dialog | null>(null);
  if (!has && !Dialog) return null;
  const open = () =>
    void import('./EarlierTextsDialog.tsx').then(
      (loaded) => setDialog(() => loaded.EarlierTextsDialog),
      // Without a network there may be none yet; ↑ in the field has them too.
      () => {},
    );
  return (
    <>
      <IconButton
        icon="history"
        label={texts.earlier[name]}
        hasTooltip
        aria-haspopup="dialog"
        onClick={open}
      />
      {Dialog && <Dialog name={name} onClose={() => setDialog(null)} />}
    </>
  );
}

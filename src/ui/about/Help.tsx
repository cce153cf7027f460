import { useEffect, useState } from 'react';
import { useModal } from '../page/use-modal.ts';
import { useTexts } from '../texts/use-texts.ts';
import { Icon } from '../widgets/Icon.tsx';
import { lazily } from '../widgets/lazily.tsx';

interface Props {
  readonly onClose: () => void;
}

/** Most visits do without it: it is loaded when it is asked for. */
const HelpDialog = lazily(async () => (await import('./HelpDialog.tsx')).HelpDialog, NotLoaded);

/** A button, and the key “?”, that open the help. */
export function Help() {
  const label = useTexts().app.help;
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const onKey = ({ key, target, isComposing }: KeyboardEvent) => {
      const isTyping = (target as Element | null)?.closest?.(
        'input:not([type=checkbox], [type=range]), textarea',
      );
      if (key === '?' && !isTyping && !isComposing && !document.querySelector('dialog[open]')) setOpen(true);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-haspopup="dialog"
        aria-label={label}
        title={label}
        onClick={() => setOpen(true)}
      >
        <Icon name="help" />
      </button>
      {isOpen && <HelpDialog onClose={() => setOpen(false)} />}
    </>
  );
}

/** In its place, where its script did not come. */
function NotLoaded({ onClose }: Props) {
  const { app, about } = useTexts();
  const dialog = useModal();
  return (
    <dialog ref={dialog} aria-label={app.help} onClose={onClose} closedby="any">
      <p role="alert">{app.notLoaded}</p>
      <button type="button" onClick={() => dialog.current?.close()}>
        {about.close}
      </button>
    </dialog>
  );
}

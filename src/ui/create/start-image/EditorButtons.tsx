import type { RefObject } from 'react';
import { useTexts } from '../../texts/use-texts.ts';
import { IconButton } from '../../widgets/IconButton.tsx';

/** The dialog's return value where its changes are to be discarded. */
export const DISCARD = 'discard';

interface Props {
  readonly dialog: RefObject<HTMLDialogElement | null>;
  /** The name of the button that discards the changes. */
  readonly discardLabel: string;
}

/** The buttons that close an editor: with its changes, or without them. */
export function EditorButtons({ dialog, discardLabel }: Props) {
  const texts = useTexts().startImage;
  return (
    <>
      <button type="button" className="primary" onClick={() => dialog.current?.close()}>
        {texts.done}
      </button>
      <IconButton
        icon="close"
        label={discardLabel}
        hasTooltip
        onClick={() => dialog.current?.close(DISCARD)}
      />
    </>
  );
}

import type { ComponentProps } from 'react';
import { useModal } from '../../page/use-modal.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { DialogHeading } from '../../widgets/DialogHeading.tsx';
import { StyleList } from './StyleList.tsx';
import styles from './Styles.module.css';
import { WildcardLists } from './WildcardLists.tsx';

type Props = ComponentProps<typeof StyleList> & { readonly onClose: () => void };

/** What prompts can be made of: styles, and lists of words. */
export function StylesDialog({ onClose, ...draft }: Props) {
  const { create, settingsOffer } = useTexts();
  const dialog = useModal();
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby="styles" onClose={onClose}>
      <DialogHeading id="styles" close={settingsOffer.dismiss} onClose={() => dialog.current?.close()}>
        {create.styles}
      </DialogHeading>
      <StyleList {...draft} />
      <WildcardLists />
    </dialog>
  );
}

import { useState } from 'react';
import type { TextName } from '../../../protocol/settings.ts';
import { takeOver } from '../../../state/actions/take-over.ts';
import { useLanguage, usePrompts, useStores } from '../../page/stores-context.ts';
import { useModal } from '../../page/use-modal.ts';
import { EARLIER_TEXTS } from '../../texts/earlier-texts.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { DialogHeading } from '../../widgets/DialogHeading.tsx';
import { IconButton } from '../../widgets/IconButton.tsx';
import styles from './EarlierTextsDialog.module.css';

interface Props {
  readonly name: TextName;
  readonly onClose: () => void;
}

/** The earlier texts of a field, the newest first. A press puts one into the field; each can be deleted, or all. */
export function EarlierTextsDialog({ name, onClose }: Props) {
  const stores = useStores();
  const texts = EARLIER_TEXTS[useLanguage(({ language }) => language)];
  const { create: words } = useTexts();
  const dialog = useModal();
  const earlier = usePrompts((prompts) => prompts.texts[name]);
  const { remove } = stores.prompts.getState();
  const close = () => dialog.current?.close();
  const use = (text: string) => {
    const { fields, set } = stores.settings.getState();
    close();
    void takeOver(
      stores,
      () => set(name, text),
      () => (fields[name].trim() === '' ? null : { kind: 'prompt-replaced' }),
    );
  };
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby="earlier" onClose={onClose}>
      <DialogHeading id="earlier" close={texts.close} onClose={close}>
        {words.earlier[name]}
      </DialogHeading>
      <p>{earlier.length === 0 ? texts.none : texts.about}</p>
      <ul>
        {earlier.map((text) => (
          <li key={text}>
            <button type="button" dir="auto" className={styles.text} onClick={() => use(text)}>
              <span>{text}</span>
            </button>
            <IconButton icon="trash" label={texts.remove(text)} onClick={() => remove(name, text)} />
          </li>
        ))}
      </ul>
      {earlier.length > 0 && <DeleteAll name={name} onDone={close} />}
    </dialog>
  );
}

/** Deletes all, after a second press. */
function DeleteAll({ name, onDone }: { readonly name: TextName; readonly onDone: () => void }) {
  const texts = EARLIER_TEXTS[useLanguage(({ language }) => language)];
  const clear = usePrompts((prompts) => prompts.clear);
  const count = usePrompts((prompts) => prompts.texts[name].length);
  const [isAsked, setAsked] = useState(false);
  const onClick = () => {
    if (!isAsked) return setAsked(true);
    clear(name);
    onDone();
  };
  return (
    <button type="button" className={styles.deleteAll} onClick={onClick}>
      {isAsked ? texts.deleteReally(count) : texts.deleteAll}
    </button>
  );
}

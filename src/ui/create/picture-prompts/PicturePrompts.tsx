import { MOST_STEERING } from '../../../protocol/request.ts';
import { addPicturePrompt } from '../../../state/actions/picture-prompts.ts';
import { useLanguage, usePicturePrompts, useStores } from '../../page/stores-context.ts';
import { PICTURE_PROMPT_TEXTS } from '../../texts/picture-prompt-texts.ts';
import styles from '../control/Layer.module.css';
import { PicturePrompt } from './PicturePrompt.tsx';

/** The picture prompts of the form, and what adds one. */
export function PicturePrompts({ toModels }: { readonly toModels: () => void }) {
  const texts = PICTURE_PROMPT_TEXTS[useLanguage(({ language }) => language)];
  const stores = useStores();
  const prompts = usePicturePrompts((store) => store.prompts);
  return (
    <div className={styles.layers}>
      {prompts.length === 0 && <p className={styles.hint}>{texts.about}</p>}
      {prompts.map((prompt, i) => (
        <PicturePrompt key={prompt.id} prompt={prompt} number={i + 1} toModels={toModels} />
      ))}
      {prompts.length < MOST_STEERING && (
        <button type="button" className={styles.add} onClick={() => addPicturePrompt(stores)}>
          {texts.add}
        </button>
      )}
    </div>
  );
}

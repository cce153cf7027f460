import { MOST_PICTURES } from '../../../protocol/request.ts';
import type { StoredPicturePrompt } from '../../../storage/stored-picture-prompt.ts';
import { useLanguage, usePicturePrompts } from '../../page/stores-context.ts';
import { errorText } from '../../texts/error-text.ts';
import { PICTURE_PROMPT_TEXTS } from '../../texts/picture-prompt-texts.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { IconButton } from '../../widgets/IconButton.tsx';
import { useObjectUrl } from '../../widgets/use-object-url.ts';
import layer from '../control/Layer.module.css';
import { PictureWell } from '../control/PictureWell.tsx';
import styles from './PromptPictures.module.css';

/** The pictures of a prompt, each with a button that takes it away, and where more come from. */
export function PromptPictures({ prompt: { id, pictures } }: { readonly prompt: StoredPicturePrompt }) {
  const texts = PICTURE_PROMPT_TEXTS[useLanguage(({ language }) => language)];
  const { errors } = useTexts();
  const show = usePicturePrompts((store) => store.show);
  const hide = usePicturePrompts((store) => store.hide);
  const error = usePicturePrompts((store) => store.errors[id]);
  return (
    <>
      {pictures.length > 0 && (
        <ul className={styles.pictures}>
          {pictures.map((file, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same file may be shown twice, and none has a name of its own
            <li key={i}>
              <Thumbnail file={file} />
              <IconButton icon="close" label={texts.hide(i + 1)} hasTooltip onClick={() => hide(id, i)} />
            </li>
          ))}
        </ul>
      )}
      {pictures.length < MOST_PICTURES ? (
        <PictureWell
          label={texts.pictures}
          picture={null}
          alt=""
          multiple
          onPictures={(files) => void show(id, files)}
        />
      ) : (
        <p className={layer.hint}>{texts.full}</p>
      )}
      {error && (
        <p role="alert" className={layer.fault}>
          {errorText(errors, 'start-image', error).sentence} {errorText(errors, 'start-image', error).remedy}
        </p>
      )}
    </>
  );
}

function Thumbnail({ file }: { readonly file: Blob }) {
  const url = useObjectUrl(file);
  return url && <img src={url} alt="" />;
}

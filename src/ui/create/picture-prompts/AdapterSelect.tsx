import { type ModelId, modelLabel } from '../../../catalog/models.ts';
import { fittingAdapters } from '../../../state/form/picture-prompts.ts';
import type { StoredPicturePrompt } from '../../../storage/stored-picture-prompt.ts';
import {
  useLanguage,
  useModelCard,
  useModels,
  usePicturePrompts,
  useSettings,
} from '../../page/stores-context.ts';
import { PICTURE_PROMPT_TEXTS } from '../../texts/picture-prompt-texts.ts';
import { Select } from '../../widgets/Select.tsx';
import styles from '../control/Layer.module.css';

interface Props {
  readonly prompt: StoredPicturePrompt;
  readonly toModels: () => void;
}

/** Which IP-Adapter reads the pictures: those on this device that fit the form's model. */
export function AdapterSelect({ prompt, toModels }: Props) {
  const texts = PICTURE_PROMPT_TEXTS[useLanguage(({ language }) => language)];
  const change = usePicturePrompts((store) => store.change);
  const fields = useSettings(({ fields }) => fields);
  const { label } = useModelCard();
  const installed = useModels((models) => models.installed);
  const { adapter } = prompt;
  const ids = fittingAdapters({ fields, installed }).map(({ id }) => id);
  const all = adapter === null || ids.includes(adapter) ? ids : [adapter, ...ids];
  const options = Object.fromEntries(all.map((id) => [id, modelLabel(id)]));
  if (installed !== null && all.length === 0)
    return (
      <p className={prompt.pictures.length > 0 ? styles.fault : styles.hint}>
        {texts.noneHere(label)}{' '}
        <button type="button" onClick={toModels}>
          {texts.toModels}
        </button>
      </p>
    );
  return (
    <Select<ModelId>
      label={texts.adapter}
      help="picturePromptAdapter"
      value={adapter ?? ''}
      options={adapter === null ? { '': texts.noAdapter, ...options } : options}
      onChange={(id) => id !== '' && change(prompt.id, { adapter: id })}
    />
  );
}

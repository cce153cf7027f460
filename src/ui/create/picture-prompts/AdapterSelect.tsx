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
import { FittingModel } from '../control/FittingModel.tsx';

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
  return (
    <FittingModel
      label={texts.adapter}
      help="picturePromptAdapter"
      chosen={prompt.adapter}
      fitting={fittingAdapters({ fields, installed })}
      texts={{ none: texts.noAdapter, noneHere: texts.noneHere(label), toModels: texts.toModels }}
      isMissed={prompt.pictures.length > 0}
      onChoose={(adapter) => change(prompt.id, { adapter })}
      toModels={toModels}
    />
  );
}

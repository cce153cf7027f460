import { useId } from 'react';
import { modelLabel } from '../../../catalog/models.ts';
import { IP_ADAPTER_PARTS, type IpAdapterParts } from '../../../protocol/control.ts';
import { removePicturePrompt } from '../../../state/actions/picture-prompts.ts';
import {
  fittingAdapters,
  type PicturePromptFault,
  picturePromptFault,
} from '../../../state/form/picture-prompts.ts';
import { isOneTooMany } from '../../../state/form/steering-world.ts';
import type { StoredPicturePrompt } from '../../../storage/stored-picture-prompt.ts';
import {
  useLanguage,
  useModelCard,
  useModels,
  usePicturePrompts,
  useSettings,
  useStores,
} from '../../page/stores-context.ts';
import { PICTURE_PROMPT_TEXTS } from '../../texts/picture-prompt-texts.ts';
import { IconButton } from '../../widgets/IconButton.tsx';
import { Select } from '../../widgets/Select.tsx';
import { SliderField } from '../../widgets/SliderField.tsx';
import styles from '../control/Layer.module.css';
import { LayerSwitch } from '../control/LayerSwitch.tsx';
import { useShownWhenRefused } from '../control/use-shown-when-refused.ts';
import { AdapterSelect } from './AdapterSelect.tsx';
import { PromptPictures } from './PromptPictures.tsx';

interface Props {
  readonly prompt: StoredPicturePrompt;
  /** Counted from 1. */
  readonly number: number;
  /** Shows the Models screen. */
  readonly toModels: () => void;
}

/** One picture prompt: its pictures, the IP-Adapter that reads them, and how strongly they count for what. */
export function PicturePrompt({ prompt, number, toModels }: Props) {
  const texts = PICTURE_PROMPT_TEXTS[useLanguage(({ language }) => language)];
  const stores = useStores();
  const heading = useId();
  const change = usePicturePrompts((store) => store.change);
  const isRefused = usePicturePrompts(({ refused }) => refused === prompt.id);
  const refuse = usePicturePrompts((store) => store.refuse);
  const shown = useShownWhenRefused(isRefused, refuse);
  const { id, isOn } = prompt;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend cannot stand in line with a button
    <div ref={shown} role="group" aria-labelledby={heading} className={styles.layer}>
      <div className={styles.heading}>
        <h3 id={heading}>{texts.prompt(number)}</h3>
        <IconButton
          icon="close"
          label={texts.remove(number)}
          hasTooltip
          onClick={() => void removePicturePrompt(stores, id)}
        />
      </div>
      <LayerSwitch
        label={texts.use}
        help="picturePromptOn"
        isOn={isOn}
        onChange={(isOn) => change(id, { isOn })}
      />
      {isOn && <Settings {...{ prompt, toModels }} />}
    </div>
  );
}

function Settings({ prompt, toModels }: Pick<Props, 'prompt' | 'toModels'>) {
  const texts = PICTURE_PROMPT_TEXTS[useLanguage(({ language }) => language)];
  const change = usePicturePrompts((store) => store.change);
  const { fault, model } = useFault(prompt);
  const { id, scale, parts, adapter } = prompt;
  const partNames = Object.fromEntries(
    IP_ADAPTER_PARTS.map((part) => [part, texts.partNames[part]]),
  ) as Record<IpAdapterParts, string>;
  // There, no IP-Adapter is of use.
  const isUnsteered = fault === 'not-steered' || fault === 'fixed-graph';
  return (
    <>
      <PromptPictures prompt={prompt} />
      <p className={fault === 'no-picture' ? styles.hint : styles.fault} aria-live="polite">
        {fault && texts.faults[fault](modelLabel(adapter ?? ''), model)}
        {fault === 'adapter-gone' && (
          <button type="button" onClick={toModels}>
            {texts.toModels}
          </button>
        )}
      </p>
      {!isUnsteered && <AdapterSelect {...{ prompt, toModels }} />}
      <SliderField
        label={texts.strength}
        help="picturePromptScale"
        {...{ min: 0, max: 2, step: 0.05 }}
        value={scale}
        onChange={(scale) => change(id, { scale })}
      />
      <Select<IpAdapterParts>
        label={texts.parts}
        help="picturePromptParts"
        value={parts}
        options={partNames}
        onChange={(parts) => change(id, { parts })}
      />
    </>
  );
}

/** What keeps it from a run, and the label of the form's model. */
function useFault(prompt: StoredPicturePrompt): { fault: PicturePromptFault | null; model: string } {
  const fields = useSettings(({ fields }) => fields);
  const { label } = useModelCard();
  const installed = useModels((models) => models.installed);
  const isOver = usePicturePrompts(({ prompts }) => isOneTooMany(prompt, prompts));
  const fault = picturePromptFault(prompt, { fields, installed }) ?? (isOver ? 'too-many' : null);
  // Where there is none to choose, that is said in the place of the choice.
  const isSaid = fault === 'no-adapter' && fittingAdapters({ fields, installed }).length === 0;
  return { fault: isSaid ? null : fault, model: label };
}

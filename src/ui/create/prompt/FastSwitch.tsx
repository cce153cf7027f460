import { useState } from 'react';
import type { FastId, FastLora } from '../../../catalog/fast.ts';
import { modelLabel } from '../../../catalog/models.ts';
import { SCHEDULERS } from '../../../catalog/schedulers.ts';
import { fastIn, fastLoras, fewStepOffer, setFewSteps, setFull } from '../../../state/actions/fast.ts';
import { hubAccess } from '../../../state/device/hub-store.ts';
import {
  useDevice,
  useHub,
  useModelCard,
  useModels,
  useSettings,
  useStores,
} from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { FetchModel } from '../../widgets/FetchModel.tsx';
import { Select } from '../../widgets/Select.tsx';
import styles from './FastSwitch.module.css';

type Choice = FastId | 'full';

/** How fast the model paints: in full, or by one of these LoRAs, fetched when it is first chosen. */
export function FastSwitch() {
  const { fast: texts } = useTexts();
  const stores = useStores();
  const prompt = useSettings(({ fields }) => fields.prompt);
  const installed = useModels((models) => models.installed);
  const lookUp = useModels((models) => models.lookUp);
  const hub = useHub((settings) => settings);
  const preferHalf = useDevice(({ report }) => report?.auto === 'webgpu');
  const model = useSettings(({ fields }) => fields.model);
  const choices = fastLoras(installed?.find(({ id }) => id === model));
  const [asked, setAsked] = useState<FastLora | null>(null);
  const on = fastIn(prompt, choices);
  const isHere = ({ lora }: FastLora) => installed?.some(({ id, complete }) => id === lora && complete);
  const use = (choice: FastLora) => {
    setAsked(null);
    const label = `${texts.choices[choice.id]} (${modelLabel(choice.lora)})`;
    void setFewSteps(stores, label, choice.settings, modelLabel(choice.lora));
  };
  const choose = (value: Choice) => {
    const choice = choices.find(({ id }) => id === value);
    setAsked(null);
    if (!choice) {
      if (on) void setFull(stores, on);
    } else if (isHere(choice)) use(choice);
    else {
      setAsked(choice);
      void lookUp(choice.lora, hubAccess(hub), preferHalf);
    }
  };
  const options = Object.fromEntries(
    (['full', ...choices.map(({ id }) => id)] as const).map((id) => [id, texts.choices[id]]),
  ) as Record<Choice, string>;
  if (choices.length === 0) return <FewSteps />;
  return (
    <div className={styles.fast}>
      <Select<Choice>
        label={texts.label}
        help="speed"
        note={texts.about}
        value={asked?.id ?? on?.id ?? 'full'}
        options={options}
        onChange={choose}
      />
      {asked ? (
        <>
          {asked.nonCommercial && <p className={styles.said}>{texts.nonCommercial(asked.nonCommercial)}</p>}
          <FetchModel model={asked.lora} onFetched={() => use(asked)} onDismiss={() => setAsked(null)} />
        </>
      ) : (
        <FewSteps />
      )}
    </div>
  );
}

/** Offers the settings of weights that say they are made for few steps. */
function FewSteps() {
  const { fast: texts } = useTexts();
  const stores = useStores();
  const fields = useSettings((settings) => settings.fields);
  const { kind } = useModelCard();
  const installed = useModels((models) => models.installed);
  const offer = fewStepOffer(fields, kind, installed);
  if (!offer) return null;
  const { label, settings } = offer;
  const { numInferenceSteps, guidanceScale, scheduler } = settings;
  return (
    <p className={styles.said}>
      {texts.madeFor(label, numInferenceSteps, SCHEDULERS[scheduler].label, guidanceScale)}{' '}
      <button type="button" onClick={() => void setFewSteps(stores, label, settings)}>
        {texts.use}
      </button>
    </p>
  );
}

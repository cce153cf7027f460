import type { ReactNode } from 'react';
import type { ControlFacts } from '../../protocol/control-facts.ts';
import { hasQuantizedCopy, type InstalledModel, type Prediction } from '../../protocol/models.ts';
import type { Language } from '../../state/page/language-store.ts';
import { useLanguage, useModels } from '../page/stores-context.ts';
import { bytesText } from '../texts/bytes-text.ts';
import { CONTROL_TEXTS } from '../texts/control-texts.ts';
import { useTexts } from '../texts/use-texts.ts';
import { HelpButton } from '../widgets/HelpButton.tsx';
import { Select } from '../widgets/Select.tsx';
import { DeleteButton } from './DeleteButton.tsx';
import { DownloadBar } from './DownloadBar.tsx';
import { ModelRow } from './ModelRow.tsx';
import styles from './ModelsScreen.module.css';
import { totalBytes } from './total-bytes.ts';
import { UseButton } from './UseButton.tsx';
import { useModelsTexts } from './use-models-texts.ts';

interface Props {
  readonly model: InstalledModel;
  readonly onUse: () => void;
  /** A sentence, or words to press. */
  readonly about?: ReactNode;
  /** What else can be done with it. */
  readonly children?: ReactNode;
}

/** A model all of which is on this device. */
export function InstalledRow({ model, onUse, about, children }: Props) {
  const { id, label, type, licence, usedAt, facts, control } = model;
  const language = useLanguage((store) => store.language);
  const texts = useModelsTexts();
  const { numbers } = useTexts();
  const used = usedAt === null ? texts.notUsed : texts.lastUsed(new Date(usedAt));
  const setPrediction = useModels((store) => store.setPrediction);
  return (
    <ModelRow
      of={model}
      about={about}
      facts={[
        bytesText(numbers, totalBytes(model)),
        licence ?? texts.licenceUnknown,
        ...(control ? controlWords(control, language) : [type === 'model' ? null : texts.components[type]]),
        used,
      ]}
    >
      {facts?.prediction && (
        <Select<Prediction>
          label={texts.prediction.label}
          help="prediction"
          value={facts.prediction}
          options={texts.prediction.options}
          onChange={(prediction) => void setPrediction(id, prediction)}
        />
      )}
      {children}
      <Copies model={model} />
      {type === 'model' && <UseButton {...{ id, label, onUse }} />}
      <DeleteButton model={model} />
    </ModelRow>
  );
}

/** “ControlNet”, “depth”, “for SDXL”. */
function controlWords({ kind, purpose, base }: ControlFacts, language: Language): string[] {
  const { purposes, bases } = CONTROL_TEXTS[language];
  return [kind, ...(purpose ? [purposes[purpose]] : []), bases[base]];
}

/** The quantised copy that is being made, or the buttons that make one. */
function Copies({ model }: { readonly model: InstalledModel }) {
  const { id, label, type } = model;
  const texts = useModelsTexts();
  const isRunning = useModels(({ downloads }) => downloads[id] !== undefined);
  const pause = useModels((store) => store.pause);
  if (!isRunning) return type === 'model' && <CopyButtons model={model} />;
  return (
    <>
      <DownloadBar {...{ id, label }} isCopy />
      <button type="button" aria-label={texts.stopCopy(label)} onClick={() => pause(id)}>
        {texts.stop}
      </button>
    </>
  );
}

/** Makes copies in fewer bits, which need less memory: those that are not there yet. */
function CopyButtons({ model: { id, label, files, copyOf } }: { readonly model: InstalledModel }) {
  const texts = useModelsTexts();
  const { fields } = useTexts();
  const quantize = useModels((store) => store.quantize);
  const has = (end: RegExp) => files.some(({ path }) => end.test(path));
  const isFull = has(/^unet\/diffusion_pytorch_model(-\d+-of-\d+)?\.safetensors$/);
  const offered = (copyOf ? [] : ([16, 8] as const)).filter(
    (bits) => (bits === 16 ? isFull : has(/\.safetensors$/)) && !hasQuantizedCopy(files, bits),
  );
  if (offered.length === 0) return null;
  return (
    <span className={styles.copies}>
      {offered.map((bits) => (
        <button
          key={bits}
          type="button"
          aria-label={texts.copyOf(label, bits)}
          onClick={() => void quantize(id, bits)}
        >
          {texts.copy(bits)}
        </button>
      ))}
      <HelpButton name="bits" label={fields.labels.bits} />
    </span>
  );
}

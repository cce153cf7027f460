import { type ReactNode, useState } from 'react';
import {
  BUNDLED,
  type BundledModel,
  type ModelId,
  modelLabel,
  type RecommendedId,
  type RecommendedVae,
} from '../../catalog/models.ts';
import type { InstalledModel, Prediction } from '../../protocol/models.ts';
import { hubAccess } from '../../state/device/hub-store.ts';
import { modelCard } from '../../state/device/model-card.ts';
import { useDevice, useHub, useModels, useStores } from '../page/stores-context.ts';
import { bytesText, durationText } from '../texts/bytes-text.ts';
import type { Texts } from '../texts/en.ts';
import { errorText } from '../texts/error-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { Select } from '../widgets/Select.tsx';
import styles from './ModelsScreen.module.css';

/** The one that came with the page. */
export function TrinketRow({ onUse }: { readonly onUse: () => void }) {
  const texts = useTexts().models;
  const { label, megabytes, licence } = BUNDLED.trinket as BundledModel;
  return (
    <Row id="trinket" label={label} facts={[texts.bundled(megabytes), licence]}>
      <UseButton id="trinket" label={label} onUse={onUse} />
    </Row>
  );
}

/** A model that is ready. */
export function InstalledRow({
  model,
  onUse,
}: {
  readonly model: InstalledModel;
  readonly onUse: () => void;
}) {
  const { id, label, type, licence, usedAt, facts } = model;
  const { models: texts, numbers } = useTexts();
  const used = usedAt === null ? texts.notUsed : texts.lastUsed(new Date(usedAt));
  const setPrediction = useModels((store) => store.setPrediction);
  const arrival = useModels(({ downloads }) => downloads[id]);
  const pause = useModels((store) => store.pause);
  return (
    <Row
      id={id}
      label={label}
      facts={[
        bytesText(numbers, totalBytes(model)),
        licence ?? texts.licenceUnknown,
        type === 'model' ? null : texts.components[type],
        used,
      ]}
    >
      {facts?.prediction && (
        <Select<Prediction>
          label={texts.prediction.label}
          about={texts.prediction.about}
          value={facts.prediction}
          options={texts.prediction.options}
          onChange={(prediction) => void setPrediction(id, prediction)}
        />
      )}
      {type === 'model' && !arrival && <CopyButtons model={model} />}
      {arrival && <Arriving id={id} label={label} isCopy />}
      {arrival && (
        <button type="button" aria-label={texts.stopCopy(label)} onClick={() => pause(id)}>
          {texts.stop}
        </button>
      )}
      {type === 'model' && <UseButton id={id} label={label} onUse={onUse} />}
      <DeleteButton id={id} label={label} bytes={totalBytes(model)} />
    </Row>
  );
}

/** A model that is arriving, or was left on its way. */
export function PartialRow({ id, model }: { readonly id: ModelId; readonly model: InstalledModel | null }) {
  const arrival = useModels(({ downloads }) => downloads[id]);
  const pause = useModels((store) => store.pause);
  const install = useModels((store) => store.install);
  const hub = useHub((settings) => settings);
  const label = modelLabel(id);
  const { models: texts, numbers } = useTexts();
  return (
    <Row
      id={id}
      label={label}
      facts={[
        model ? bytesText(numbers, totalBytes(model)) : null,
        model?.licence ?? null,
        arrival ? null : texts.paused,
      ]}
    >
      {arrival && <Arriving id={id} label={label} />}
      {arrival ? (
        <button type="button" aria-label={texts.pauseModel(label)} onClick={() => pause(id)}>
          {texts.pause}
        </button>
      ) : (
        model && (
          <button
            type="button"
            aria-label={texts.resumeModel(label)}
            onClick={() => void install(model, hubAccess(hub))}
          >
            {texts.resume}
          </button>
        )
      )}
      {model && <DeleteButton id={id} label={label} bytes={totalBytes(model)} />}
    </Row>
  );
}

/** Makes copies in fewer bits, for less memory: those that are not there yet. */
function CopyButtons({ model: { id, label, files } }: { readonly model: InstalledModel }) {
  const texts = useTexts().models;
  const quantize = useModels((store) => store.quantize);
  const has = (end: RegExp) => files.some(({ path }) => end.test(path));
  const isFull = has(/^unet\/diffusion_pytorch_model(-\d+-of-\d+)?\.safetensors$/);
  const offered = ([16, 8] as const).filter(
    (bits) =>
      (bits === 16 ? isFull : has(/\.safetensors$/)) && !has(new RegExp(`^quantized/unet\\.${bits}\\.`)),
  );
  return offered.map((bits) => (
    <button
      key={bits}
      type="button"
      aria-label={texts.copyOf(label, bits)}
      title={texts.aboutCopy}
      onClick={() => void quantize(id, bits)}
    >
      {texts.copy(bits)}
    </button>
  ));
}

/** How far it is, how fast, and how long still. */
function Arriving({
  id,
  label,
  isCopy = false,
}: {
  readonly id: ModelId;
  readonly label: string;
  readonly isCopy?: boolean;
}) {
  const { models: texts, numbers } = useTexts();
  const { progress, speed } = useModels(({ downloads }) => downloads[id]) ?? { progress: null, speed: null };
  const text = !progress
    ? texts.starting
    : isCopy
      ? texts.copied(Math.floor((100 * progress.loadedBytes) / progress.totalBytes))
      : arrivalText(texts, numbers, progress, speed);
  return (
    <div className={styles.arriving}>
      <progress
        aria-label={isCopy ? texts.makingCopyOf(label) : texts.downloadOf(label)}
        aria-valuetext={text}
        value={progress?.loadedBytes}
        max={progress ? Math.max(1, progress.totalBytes) : undefined}
      />
      <p>{text}</p>
    </div>
  );
}

function arrivalText(
  texts: Texts['models'],
  numbers: Texts['numbers'],
  {
    loadedBytes,
    totalBytes,
    waitSeconds,
  }: { loadedBytes: number; totalBytes: number; waitSeconds: number | null },
  speed: number | null,
): string {
  const arrived = texts.loaded(bytesText(numbers, loadedBytes), bytesText(numbers, totalBytes));
  if (waitSeconds !== null) return texts.retrying(arrived, durationText(waitSeconds));
  if (speed === null || speed === 0) return arrived;
  return texts.loading(arrived, bytesText(numbers, speed), durationText((totalBytes - loadedBytes) / speed));
}

/** A model worth its download. */
export function RecommendedRow({
  model,
}: {
  readonly model: RecommendedVae & { readonly id: RecommendedId };
}) {
  const { models: texts, numbers } = useTexts();
  const { id, label, licence, downloadBytes, revision } = model;
  const fetch = useModels((store) => store.fetch);
  const hub = useHub((settings) => settings);
  const preferHalf = useDevice(({ report }) => report?.auto === 'webgpu' && report.f16);
  return (
    <Row id={id} label={label} about={texts.about[id]} facts={[bytesText(numbers, downloadBytes), licence]}>
      <button
        type="button"
        aria-label={texts.downloadModel(label)}
        onClick={() => void fetch(id, `${id}@${revision}`, hubAccess(hub), preferHalf)}
      >
        {texts.download}
      </button>
    </Row>
  );
}

interface RowProps {
  readonly id: ModelId;
  readonly label: string;
  /** A sentence. */
  readonly about?: string;
  readonly facts: readonly (string | null)[];
  readonly children: ReactNode;
}

function Row({ id, label, about, facts, children }: RowProps) {
  const texts = useTexts().errors;
  const error = useModels(({ errors }) => errors[id]);
  const text = error && errorText(texts, error);
  return (
    <li className={styles.row}>
      <div className={styles.about}>
        <h3 title={id}>{label}</h3>
        {about && <p>{about}</p>}
        <p>{facts.filter((fact) => fact !== null).join(' · ')}</p>
      </div>
      <div className={styles.actions}>{children}</div>
      {text && (
        <p role="alert" className={styles.fault}>
          {text.sentence} {text.remedy}
        </p>
      )}
    </li>
  );
}

function UseButton({
  id,
  label,
  onUse,
}: {
  readonly id: ModelId;
  readonly label: string;
  readonly onUse: () => void;
}) {
  const texts = useTexts().models;
  const { settings, models } = useStores();
  return (
    <button
      type="button"
      aria-label={texts.useModel(label)}
      onClick={() => {
        settings.getState().chooseModel(id, modelCard(id, models.getState().installed).defaults);
        onUse();
      }}
    >
      {texts.use}
    </button>
  );
}

/** Asks once more: what took an hour to arrive is not gone at one press. */
function DeleteButton({
  id,
  label,
  bytes,
}: {
  readonly id: ModelId;
  readonly label: string;
  readonly bytes: number;
}) {
  const { models: texts, numbers } = useTexts();
  const [asked, setAsked] = useState(false);
  const remove = useModels((store) => store.remove);
  if (!asked)
    return (
      <button type="button" aria-label={texts.deleteModel(label)} onClick={() => setAsked(true)}>
        {texts.delete}
      </button>
    );
  return (
    <>
      <button type="button" ref={(button) => button?.focus()} onClick={() => void remove(id)}>
        {texts.deleteBytes(bytesText(numbers, bytes))}
      </button>
      <button type="button" onClick={() => setAsked(false)}>
        {texts.keep}
      </button>
    </>
  );
}

const totalBytes = ({ files }: InstalledModel) => files.reduce((sum, { size }) => sum + size, 0);

import { type ReactNode, useState } from 'react';
import {
  BUNDLED,
  type BundledModel,
  type ModelId,
  modelLabel,
  type RecommendedVae,
} from '../../catalog/models.ts';
import type { EntryType, InstalledModel, Prediction } from '../../protocol/models.ts';
import { hubAccess } from '../../state/hub-access.ts';
import { modelCard } from '../../state/models.ts';
import { errorText } from '../error-text.ts';
import { useDevice, useHub, useModels, useStores } from '../stores-context.ts';
import { Select } from '../widgets/Select.tsx';
import { bytesText, durationText } from './bytes-text.ts';
import styles from './ModelsScreen.module.css';

/** The one that came with the page. */
export function TrinketRow({ onUse }: { readonly onUse: () => void }) {
  const { label, megabytes, licence } = BUNDLED.trinket as BundledModel;
  return (
    <Row id="trinket" label={label} facts={[`${megabytes} MB, came with this page`, licence]}>
      <UseButton id="trinket" label={label} onUse={onUse} />
    </Row>
  );
}

/** What is no model says what it is. */
const WORDS = {
  model: null,
  text_encoder: 'a text encoder',
  unet: 'a U-Net',
  vae: 'a VAE',
  lora: 'a LoRA',
  upscaler: 'an upscaler',
} as const satisfies Record<EntryType, string | null>;

/** A model that is ready. */
export function InstalledRow({
  model,
  onUse,
}: {
  readonly model: InstalledModel;
  readonly onUse: () => void;
}) {
  const { id, label, type, licence, usedAt, facts } = model;
  const used = usedAt === null ? 'not used yet' : `last used ${new Date(usedAt).toLocaleDateString()}`;
  const setPrediction = useModels((store) => store.setPrediction);
  const arrival = useModels(({ arrivals }) => arrivals[id]);
  const pause = useModels((store) => store.pause);
  return (
    <Row
      id={id}
      label={label}
      facts={[bytesText(totalBytes(model)), licence ?? 'licence unknown', WORDS[type], used]}
    >
      {facts?.prediction && (
        <Select<Prediction>
          label="Trained to predict"
          about="prediction_type: the file does not say. If pictures come out as noise or washed out, it is the other one"
          value={facts.prediction}
          options={{ epsilon: 'Noise', v_prediction: 'Velocity' }}
          onChange={(prediction) => void setPrediction(id, prediction)}
        />
      )}
      {type === 'model' && !arrival && <CopyButtons model={model} />}
      {arrival && <Arriving id={id} label={label} verb="Copy" />}
      {arrival && (
        <button type="button" aria-label={`Stop ${label}`} onClick={() => pause(id)}>
          Stop
        </button>
      )}
      {type === 'model' && <UseButton id={id} label={label} onUse={onUse} />}
      <DeleteButton id={id} label={label} bytes={totalBytes(model)} />
    </Row>
  );
}

/** A model that is arriving, or was left on its way. */
export function PartialRow({ id, model }: { readonly id: ModelId; readonly model: InstalledModel | null }) {
  const arrival = useModels(({ arrivals }) => arrivals[id]);
  const pause = useModels((store) => store.pause);
  const install = useModels((store) => store.install);
  const hub = useHub((settings) => settings);
  const label = modelLabel(id);
  return (
    <Row
      id={id}
      label={label}
      facts={[model ? bytesText(totalBytes(model)) : null, model?.licence ?? null, arrival ? null : 'paused']}
    >
      {arrival && <Arriving id={id} label={label} />}
      {arrival ? (
        <button type="button" aria-label={`Pause ${label}`} onClick={() => pause(id)}>
          Pause
        </button>
      ) : (
        model && (
          <button
            type="button"
            aria-label={`Resume ${label}`}
            onClick={() => void install(model, hubAccess(hub))}
          >
            Resume
          </button>
        )
      )}
      {model && <DeleteButton id={id} label={label} bytes={totalBytes(model)} />}
    </Row>
  );
}

/** Makes copies in fewer bits, for less memory: those that are not there yet. */
function CopyButtons({ model: { id, label, files } }: { readonly model: InstalledModel }) {
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
      aria-label={`Make a copy of ${label} in ${bits} bits`}
      title="Takes less memory; the original stays"
      onClick={() => void quantize(id, bits)}
    >
      {bits}-bit copy
    </button>
  ));
}

/** How far it is, how fast, and how long still. */
function Arriving({
  id,
  label,
  verb = 'Download',
}: {
  readonly id: ModelId;
  readonly label: string;
  readonly verb?: string;
}) {
  const { progress, speed } = useModels(({ arrivals }) => arrivals[id]) ?? { progress: null, speed: null };
  const text = !progress
    ? 'Beginning…'
    : verb === 'Copy'
      ? `${Math.floor((100 * progress.loadedBytes) / progress.totalBytes)} % copied`
      : arrivalText(progress, speed);
  return (
    <div className={styles.arriving}>
      <progress
        aria-label={`${verb} of ${label}`}
        aria-valuetext={text}
        value={progress?.loadedBytes}
        max={progress ? Math.max(1, progress.totalBytes) : undefined}
      />
      <p>{text}</p>
    </div>
  );
}

function arrivalText(
  {
    loadedBytes,
    totalBytes,
    waitSeconds,
  }: { loadedBytes: number; totalBytes: number; waitSeconds: number | null },
  speed: number | null,
): string {
  const of = `${bytesText(loadedBytes)} of ${bytesText(totalBytes)}`;
  if (waitSeconds !== null) return `${of} · no answer, asking again in ${durationText(waitSeconds)}`;
  if (speed === null || speed === 0) return of;
  return `${of} · ${bytesText(speed)}/s · ${durationText((totalBytes - loadedBytes) / speed)} left`;
}

/** A model worth its download. */
export function RecommendedRow({ model }: { readonly model: RecommendedVae }) {
  const { id, label, licence, about, downloadBytes, revision } = model;
  const fetch = useModels((store) => store.fetch);
  const hub = useHub((settings) => settings);
  const preferHalf = useDevice(({ report }) => report?.auto === 'webgpu' && report.f16);
  return (
    <Row id={id} label={label} about={about} facts={[bytesText(downloadBytes), licence]}>
      <button
        type="button"
        aria-label={`Download ${label}`}
        onClick={() => void fetch(id, `${id}@${revision}`, hubAccess(hub), preferHalf)}
      >
        Download
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
  const error = useModels(({ errors }) => errors[id]);
  const text = error && errorText(error);
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
  const { settings, models } = useStores();
  return (
    <button
      type="button"
      aria-label={`Use ${label}`}
      onClick={() => {
        settings.getState().chooseModel(id, modelCard(id, models.getState().installed).defaults);
        onUse();
      }}
    >
      Use
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
  const [asked, setAsked] = useState(false);
  const remove = useModels((store) => store.remove);
  if (!asked)
    return (
      <button type="button" aria-label={`Delete ${label}`} onClick={() => setAsked(true)}>
        Delete
      </button>
    );
  return (
    <>
      <button type="button" ref={(button) => button?.focus()} onClick={() => void remove(id)}>
        Delete {bytesText(bytes)}
      </button>
      <button type="button" onClick={() => setAsked(false)}>
        Keep
      </button>
    </>
  );
}

const totalBytes = ({ files }: InstalledModel) => files.reduce((sum, { size }) => sum + size, 0);

import { type FormEvent, useId, useState } from 'react';
import { modelLabel, RECOMMENDED, RECOMMENDED_VAES } from '../../catalog/models.ts';
import type { EntryType } from '../../protocol/models.ts';
import { hubAccess } from '../../state/hub-access.ts';
import { errorText } from '../error-text.ts';
import { useDevice, useHub, useModels } from '../stores-context.ts';
import { FileButton } from '../widgets/FileButton.tsx';
import { bytesText } from './bytes-text.ts';
import styles from './ModelsScreen.module.css';

/** Any repository on the Hub by its name or address, and any checkpoint from disk. */
export function AddModel() {
  const id = useId();
  const [name, setName] = useState('');
  const lookUp = useModels((store) => store.lookUp);
  const lookingUp = useModels((store) => store.lookingUp);
  const importFile = useModels((store) => store.importFile);
  const errors = useModels((store) => store.errors);
  const installed = useModels((store) => store.installed);
  const hub = useHub((settings) => settings);
  const preferHalf = useDevice(({ report }) => report?.auto === 'webgpu' && report.f16);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') void lookUp(name, hubAccess(hub), preferHalf);
  };
  // What has a row of its own says there what went wrong with it.
  const rows = [...(installed ?? []), ...RECOMMENDED, ...RECOMMENDED_VAES].map((model) => model.id);
  const strays = Object.entries(errors).filter(([model]) => !rows.includes(model));
  return (
    <section aria-label="Add a model">
      <h2>Any other</h2>
      <form className={styles.add} onSubmit={submit}>
        <label htmlFor={id}>Repository</label>
        <div>
          <input
            id={id}
            type="text"
            value={name}
            placeholder="owner/name, or an address"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            aria-describedby={`${id}-about`}
            onChange={(event) => setName(event.target.value)}
          />
          <button type="submit" aria-disabled={lookingUp}>
            {lookingUp ? 'Looking…' : 'Look up'}
          </button>
          <FileButton accept=".safetensors" onFiles={([file]) => file && void importFile(file)}>
            From disk…
          </FileButton>
        </div>
        <p id={`${id}-about`} className={styles.hint}>
          Any Stable Diffusion repository or .safetensors checkpoint on the Hugging Face Hub, as it is.
        </p>
      </form>
      {strays.map(([model, error]) => (
        <p key={model} role="alert" className={styles.fault}>
          {errorText(error).sentence} {errorText(error).remedy}
        </p>
      ))}
      <Offer />
    </section>
  );
}

const KINDS = {
  model: 'a model',
  text_encoder: 'a text encoder for other models',
  unet: 'a U-Net for other models',
  vae: 'a VAE for other models',
  lora: 'a LoRA',
  upscaler: 'an upscaler for finished pictures',
} as const satisfies Record<EntryType, string>;

/** What the name turned out to be, before anything large is fetched. */
function Offer() {
  const offer = useModels((store) => store.offer);
  const install = useModels((store) => store.install);
  const dismiss = useModels((store) => store.dismiss);
  const hub = useHub((settings) => settings);
  if (!offer) return null;
  const { id, type, licence, missingBytes, totalBytes, memoryBytes, files, revision } = offer;
  const [missing, total] = [bytesText(missingBytes), bytesText(totalBytes)];
  const size =
    missingBytes === 0
      ? `${total}, all of it here already`
      : missing === total
        ? `${total} to fetch`
        : `${missing} to fetch of ${total}`;
  return (
    <section className={styles.offer} aria-label={`Found ${id}`}>
      <h3>{modelLabel(id)}</h3>
      <dl>
        <dt>Is</dt>
        <dd>{KINDS[type]}</dd>
        <dt>Download</dt>
        <dd>
          {size}, {files.length} {files.length === 1 ? 'file' : 'files'}
        </dd>
        {type === 'model' && (
          <>
            <dt>Memory</dt>
            <dd>about {bytesText(memoryBytes)} at work</dd>
          </>
        )}
        <dt>Licence</dt>
        <dd>{licence ?? 'its card names none'}</dd>
        <dt>Revision</dt>
        <dd>{revision.slice(0, 12)}</dd>
      </dl>
      <div className={styles.actions}>
        <button type="button" className="primary" onClick={() => void install(offer, hubAccess(hub))}>
          Download
        </button>
        <button type="button" onClick={dismiss}>
          Not now
        </button>
      </div>
    </section>
  );
}

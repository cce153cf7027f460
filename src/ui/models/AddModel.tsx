import { type FormEvent, useId, useState } from 'react';
import { modelLabel, RECOMMENDED, RECOMMENDED_VAES } from '../../catalog/models.ts';
import { hubAccess } from '../../state/device/hub-store.ts';
import { useDevice, useHub, useModels } from '../page/stores-context.ts';
import { bytesText } from '../texts/bytes-text.ts';
import { errorText } from '../texts/error-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { FileButton } from '../widgets/FileButton.tsx';
import styles from './ModelsScreen.module.css';

/** Any repository on the Hub by its name or address, and any checkpoint from disk. */
export function AddModel() {
  const { models: texts, errors: words } = useTexts();
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
    <section aria-label={texts.add}>
      <h2>{texts.anyOther}</h2>
      <form className={styles.add} onSubmit={submit}>
        <label htmlFor={id}>{texts.repository}</label>
        <div>
          <input
            id={id}
            type="text"
            value={name}
            placeholder={texts.nameOrAddress}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            aria-describedby={`${id}-about`}
            onChange={(event) => setName(event.target.value)}
          />
          <button type="submit" aria-disabled={lookingUp}>
            {lookingUp ? texts.lookingUp : texts.lookUp}
          </button>
          <FileButton accept=".safetensors" onFiles={([file]) => file && void importFile(file)}>
            {texts.fromDisk}
          </FileButton>
        </div>
        <p id={`${id}-about`} className={styles.hint}>
          {texts.whatCanBeAdded}
        </p>
      </form>
      {strays.map(([model, error]) => (
        <p key={model} role="alert" className={styles.fault}>
          {errorText(words, error).sentence} {errorText(words, error).remedy}
        </p>
      ))}
      <Offer />
    </section>
  );
}

/** What the name turned out to be, before anything large is fetched. */
function Offer() {
  const { models: texts, numbers } = useTexts();
  const offer = useModels((store) => store.offer);
  const install = useModels((store) => store.install);
  const dismiss = useModels((store) => store.dismiss);
  const hub = useHub((settings) => settings);
  if (!offer) return null;
  const { id, type, licence, missingBytes, totalBytes, memoryBytes, files, revision } = offer;
  const missing = missingBytes === 0 ? null : bytesText(numbers, missingBytes);
  return (
    <section className={styles.offer} aria-label={texts.found(id)}>
      <h3>{modelLabel(id)}</h3>
      <dl>
        <dt>{texts.is}</dt>
        <dd>{texts.kinds[type]}</dd>
        <dt>{texts.download}</dt>
        <dd>{texts.toFetch(missing, bytesText(numbers, totalBytes), files.length)}</dd>
        {type === 'model' && (
          <>
            <dt>{texts.memory}</dt>
            <dd>{texts.atWork(bytesText(numbers, memoryBytes))}</dd>
          </>
        )}
        <dt>{texts.licence}</dt>
        <dd>{licence ?? texts.noLicence}</dd>
        <dt>{texts.revision}</dt>
        <dd>{revision.slice(0, 12)}</dd>
      </dl>
      <div className={styles.actions}>
        <button type="button" className="primary" onClick={() => void install(offer, hubAccess(hub))}>
          {texts.download}
        </button>
        <button type="button" onClick={dismiss}>
          {texts.notNow}
        </button>
      </div>
    </section>
  );
}

import { type FormEvent, useId, useRef, useState } from 'react';
import { RECOMMENDED } from '../../catalog/models.ts';
import { RECOMMENDED_PARTS } from '../../catalog/recommended-parts.ts';
import { hubAccess } from '../../state/device/hub-store.ts';
import { useDevice, useHub, useModels } from '../page/stores-context.ts';
import { errorText } from '../texts/error-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { FileButton } from '../widgets/FileButton.tsx';
import { HubSearch } from './HubSearch.tsx';
import styles from './ModelsScreen.module.css';
import { OfferedModel } from './OfferedModel.tsx';
import { useModelsTexts } from './use-models-texts.ts';

/** Where an error comes from, by its key among the store's errors. */
const placeOf = (key: string) => (key === '' ? 'look-up' : key.startsWith('disk:') ? 'disk' : 'models');

/** Any repository on the Hub by its name or address, and any checkpoint from disk. */
export function AddModel() {
  const texts = useModelsTexts();
  const id = useId();
  const [name, setName] = useState('');
  const lookUp = useModels((store) => store.lookUp);
  const lookingUp = useModels((store) => store.lookingUp);
  const importFiles = useModels((store) => store.importFiles);
  const hub = useHub((settings) => settings);
  const preferHalf = useDevice(({ report }) => report?.auto === 'webgpu');
  const look = (repo: string) => {
    setName(repo);
    if (repo.trim() !== '') void lookUp(repo, hubAccess(hub), preferHalf);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    look(name);
  };
  // What was found by a look-up from the search stands further down.
  const form = useRef<HTMLFormElement>(null);
  const choose = (repo: string) => {
    look(repo);
    form.current?.querySelector('input')?.focus();
  };
  return (
    <section aria-label={texts.add}>
      <h2>{texts.anyOther}</h2>
      <HubSearch onChoose={choose} />
      <form ref={form} className={styles.add} onSubmit={submit}>
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
          <FileButton accept=".safetensors,.gguf,.json" multiple onFiles={(files) => void importFiles(files)}>
            {texts.fromDisk}
          </FileButton>
        </div>
        <p id={`${id}-about`} className={styles.hint}>
          {texts.whatCanBeAdded}
        </p>
      </form>
      <OtherErrors />
      <OfferedModel />
    </section>
  );
}

/** The errors of what is in no list: models in the lists have theirs in their rows. */
function OtherErrors() {
  const words = useTexts().errors;
  const errors = useModels((store) => store.errors);
  const installed = useModels((store) => store.installed);
  const rows = [...(installed ?? []), ...RECOMMENDED, ...RECOMMENDED_PARTS].map((model) => model.id);
  return Object.entries(errors)
    .filter(([model]) => !rows.includes(model))
    .map(([model, error]) => {
      const { sentence, remedy } = errorText(words, placeOf(model), error);
      return (
        <p key={model} role="alert" className={styles.fault}>
          {sentence} {remedy}
        </p>
      );
    });
}

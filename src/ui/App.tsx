import { type FormEvent, useEffect } from 'react';
import { MODELS } from '../catalog/models.ts';
import { deviceName } from '../state/device.ts';
import { generate, type Stores } from '../state/stores.ts';
import styles from './App.module.css';
import { Easel } from './create/Easel.tsx';
import { Options } from './create/Options.tsx';
import { PromptForm } from './create/PromptForm.tsx';
import { Status } from './create/Status.tsx';
import { useDevice, useGeneration, useSettings, useStores } from './stores-context.ts';
import { useDroppedFiles } from './use-dropped-files.ts';

/** The Create screen: what to paint, the picture, and how to paint it. */
export function App() {
  const stores = useStores();
  useShortcuts();
  useDroppedFiles();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    press(stores);
  };

  return (
    <>
      <Header />
      <form className={styles.create} noValidate onSubmit={submit} aria-label="Create a picture">
        <PromptForm />
        <Easel />
        <Options />
      </form>
      <Status />
    </>
  );
}

/** Generate; when a field is refused, the first such field gets the focus and with it says why. */
function press(stores: Stores) {
  if (generate(stores) !== 'refused') return;
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}

function Header() {
  const model = useSettings(({ fields }) => MODELS[fields.model]);
  return (
    <header className={styles.header}>
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
        <path d="M16 0v8" stroke="currentColor" strokeWidth="2" />
        <path d="M6 18a10 10 0 0 1 20 0z" fill="currentColor" />
        <path className={styles.lamp} d="M8 20h16a8 8 0 0 1-16 0z" />
      </svg>
      <h1>Safelight</h1>
      <p className={styles.model}>{model.label}</p>
      <DeviceName />
    </header>
  );
}

function DeviceName() {
  const choice = useSettings(({ fields }) => fields.device);
  const report = useDevice((device) => device.report);
  const failed = useDevice((device) => device.error !== null);
  const text = report
    ? deviceName(report, choice === 'auto' ? report.auto : choice)
    : failed
      ? 'Device unknown'
      : 'Looking for a GPU…';
  return <p className={styles.device}>{text}</p>;
}

/** Ctrl/⌘+Enter generates, Esc stops; neither while a word is being composed or a dialog is open. */
function useShortcuts() {
  const stores = useStores();
  const stop = useGeneration((generation) => generation.stop);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing || event.repeat || document.querySelector('dialog[open]')) return;
      if (event.key === 'Escape') stop();
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        press(stores);
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [stores, stop]);
}

import { type FormEvent, useEffect } from 'react';
import { type StoreApi, useStore } from 'zustand';
import { isBusy } from '../state/jobs/generation-store.ts';
import type { ScreenChoice } from '../state/page/screen-store.ts';
import styles from './App.module.css';
import { Easel } from './create/easel/Easel.tsx';
import { Options } from './create/options/Options.tsx';
import { PromptForm } from './create/prompt/PromptForm.tsx';
import { Received } from './create/prompt/Received.tsx';
import { Header } from './Header.tsx';
import { useExperiments, useGeneration, useModels, useOffline, useStores } from './page/stores-context.ts';
import { submitForm } from './page/submit-form.ts';
import { useDroppedFiles } from './page/use-dropped-files.ts';
import { useRestoreFocus } from './page/use-restore-focus.ts';
import { useUndoKeys } from './page/use-undo-keys.ts';
import { Status } from './Status.tsx';
import { StorageNotice } from './StorageNotice.tsx';
import { useTexts } from './texts/use-texts.ts';
import { lazily } from './widgets/lazily.tsx';

const ExperimentsScreen = lazily(
  async () => (await import('./experiments/ExperimentsScreen.tsx')).ExperimentsScreen,
  NotLoaded,
);
const GalleryScreen = lazily(
  async () => (await import('./gallery/GalleryScreen.tsx')).GalleryScreen,
  NotLoaded,
);
const ModelsScreen = lazily(async () => (await import('./models/ModelsScreen.tsx')).ModelsScreen, NotLoaded);

/** The page: the header, and one screen below it. A run continues whichever screen is shown. */
export function App({ screens }: { readonly screens: StoreApi<ScreenChoice> }) {
  const screen = useStore(screens, (choice) => choice.screen);
  const show = useStore(screens, (choice) => choice.show);
  useShortcuts();
  useDroppedFiles();
  useRestoreFocus();
  return (
    <>
      <Header {...{ screen, show }} />
      <Update />
      <StorageNotice />
      {screen === 'create' && <CreateScreen toModels={() => show('models')} />}
      {screen === 'experiments' && <ExperimentsScreen onUse={() => show('create')} />}
      {screen === 'gallery' && <GalleryScreen onUse={() => show('create')} />}
      {screen === 'models' && <ModelsScreen onUse={() => show('create')} />}
      <Received onUse={() => show('create')} />
      <Status />
    </>
  );
}

/** Offers a newer version of the page, while nothing runs that reloading would end. */
function Update() {
  const texts = useTexts().app;
  const apply = useOffline((offline) => offline.applyUpdate);
  const isGenerating = useGeneration(isBusy);
  const isExperimenting = useExperiments(({ phase }) => phase !== 'idle');
  const isDownloading = useModels(({ downloads }) => Object.keys(downloads).length > 0);
  if (!apply || isGenerating || isExperimenting || isDownloading) return null;
  return (
    <div className={styles.update}>
      <p>{texts.updateReady}</p>
      <button type="button" onClick={apply}>
        {texts.reload}
      </button>
    </div>
  );
}

/** The prompt, the pictures and the settings. */
function CreateScreen({ toModels }: { readonly toModels: () => void }) {
  const texts = useTexts().app;
  const stores = useStores();
  useUndoKeys();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    submitForm(stores);
  };

  return (
    <main className={styles.main}>
      <form className={styles.create} noValidate onSubmit={submit} aria-label={texts.createLabel}>
        <PromptForm />
        <Easel />
        <Options toModels={toModels} />
      </form>
    </main>
  );
}

/** Ctrl/⌘+Enter generates, Esc stops; but not during input-method composition, nor while a dialog is open. */
function useShortcuts() {
  const stores = useStores();
  const stop = useGeneration((generation) => generation.stop);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing || event.repeat || document.querySelector('dialog[open]')) return;
      // Esc closes an open popover instead; a notice is none that it closes.
      if (event.key === 'Escape' && !document.querySelector('[popover=auto]:popover-open')) stop();
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        submitForm(stores);
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [stores, stop]);
}

/** In the place of a screen whose script did not come: without a network, or because the page is newer than this one. */
function NotLoaded({ again }: { readonly again: () => void }) {
  const { app, migration } = useTexts();
  return (
    <main className="alone">
      <p role="alert">{app.notLoaded}</p>
      <button type="button" onClick={again}>
        {migration.tryAgain}
      </button>
    </main>
  );
}

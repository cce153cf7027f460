import { type FormEvent, Suspense, useEffect } from 'react';
import { type StoreApi, useStore } from 'zustand';
import { isBusy } from '../state/jobs/generation-store.ts';
import type { ScreenChoice } from '../state/page/screen-store.ts';
import styles from './App.module.css';
import { Easel } from './create/easel/Easel.tsx';
import { Options } from './create/options/Options.tsx';
import { PromptForm } from './create/prompt/PromptForm.tsx';
import { Header } from './Header.tsx';
import { ExperimentsScreen, GalleryScreen, ModelsScreen } from './later-screens.tsx';
import { useExperiments, useGeneration, useModels, useOffline, useStores } from './page/stores-context.ts';
import { submitForm } from './page/submit-form.ts';
import { useDroppedFiles } from './page/use-dropped-files.ts';
import { useRestoreFocus } from './page/use-restore-focus.ts';
import { Status } from './Status.tsx';
import { StorageNotice } from './StorageNotice.tsx';
import { useTexts } from './texts/use-texts.ts';

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
      <StorageNotice />
      {screen === 'create' && <CreateScreen />}
      {/* With a key, the screen before is gone while this one is on its way, and not merely hidden. */}
      <Suspense key={screen}>
        {screen === 'experiments' && <ExperimentsScreen onUse={() => show('create')} />}
        {screen === 'gallery' && <GalleryScreen onUse={() => show('create')} />}
        {screen === 'models' && <ModelsScreen onUse={() => show('create')} />}
      </Suspense>
      <Update />
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
function CreateScreen() {
  const texts = useTexts().app;
  const stores = useStores();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    submitForm(stores);
  };

  return (
    <main className={styles.main}>
      <form className={styles.create} noValidate onSubmit={submit} aria-label={texts.createLabel}>
        <PromptForm />
        <Easel />
        <Options />
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
      // Esc closes an open popover instead.
      if (event.key === 'Escape' && !document.querySelector(':popover-open')) stop();
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        submitForm(stores);
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [stores, stop]);
}

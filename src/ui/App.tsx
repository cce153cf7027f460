import { type FormEvent, useEffect } from 'react';
import { isBusy } from '../state/jobs/generation-store.ts';
import { LANGUAGES, type Language } from '../state/page/language-store.ts';
import styles from './App.module.css';
import { Easel } from './create/easel/Easel.tsx';
import { Options } from './create/options/Options.tsx';
import { PromptForm } from './create/prompt/PromptForm.tsx';
import { ExperimentsScreen } from './experiments/ExperimentsScreen.tsx';
import { GalleryScreen } from './gallery/GalleryScreen.tsx';
import { ModelsScreen } from './models/ModelsScreen.tsx';
import {
  useDevice,
  useExperiments,
  useGeneration,
  useLanguage,
  useModelCard,
  useModels,
  useOffline,
  useSettings,
  useStores,
} from './page/stores-context.ts';
import { submitForm } from './page/submit-form.ts';
import { useDroppedFiles } from './page/use-dropped-files.ts';
import { useRestoreFocus } from './page/use-restore-focus.ts';
import { QueueLine } from './queue/QueueLine.tsx';
import { Status } from './Status.tsx';
import { deviceText } from './texts/device-text.ts';
import { useTexts } from './texts/use-texts.ts';
import { SCREENS, type Screen, useScreen } from './use-screen.ts';

/** The page: the header, and one screen below it. A run continues whichever screen is shown. */
export function App() {
  const [screen, show] = useScreen();
  useShortcuts();
  useDroppedFiles();
  useRestoreFocus();
  return (
    <>
      <Header {...{ screen, show }} />
      {screen === 'create' && <CreateScreen />}
      {screen === 'experiments' && <ExperimentsScreen onUse={() => show('create')} />}
      {screen === 'gallery' && <GalleryScreen onUse={() => show('create')} />}
      {screen === 'models' && <ModelsScreen onUse={() => show('create')} />}
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

function Header({ screen, show }: { readonly screen: Screen; readonly show: (screen: Screen) => void }) {
  const texts = useTexts().app;
  const { label } = useModelCard();
  return (
    <header className={styles.header}>
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
        <path d="M16 0v8" stroke="currentColor" strokeWidth="2" />
        <path d="M6 18a10 10 0 0 1 20 0z" fill="currentColor" />
        <path className={styles.lamp} d="M8 20h16a8 8 0 0 1-16 0z" />
      </svg>
      <h1>Safelight</h1>
      <nav className={styles.screens} aria-label={texts.screensLabel}>
        {SCREENS.map((name) => (
          <button
            key={name}
            type="button"
            aria-current={name === screen ? 'page' : undefined}
            onClick={() => show(name)}
          >
            {texts.screens[name]}
          </button>
        ))}
      </nav>
      <DownloadPercent />
      {screen !== 'create' && <QueueLine isAlone />}
      <p className={styles.model}>{label}</p>
      <DeviceName />
      <LanguageSelect />
    </header>
  );
}

/** How far the downloads are. */
function DownloadPercent() {
  const texts = useTexts().app;
  const percent = useModels(({ downloads }) => {
    const all = Object.values(downloads).flatMap(({ progress }) => progress ?? []);
    const [loaded, total] = [
      all.reduce((sum, { loadedBytes }) => sum + loadedBytes, 0),
      all.reduce((sum, { totalBytes }) => sum + totalBytes, 0),
    ];
    return total > 0 ? Math.floor((100 * loaded) / total) : null;
  });
  return percent !== null && <p className={styles.downloads}>{texts.downloaded(percent)}</p>;
}

function DeviceName() {
  const { app: texts, device } = useTexts();
  const choice = useSettings(({ fields }) => fields.device);
  const report = useDevice((known) => known.report);
  const failed = useDevice(({ error }) => error !== null);
  const text = report
    ? deviceText(device, report, choice === 'auto' ? report.auto : choice)
    : failed
      ? texts.deviceUnknown
      : texts.lookingForGpu;
  return <p className={styles.device}>{text}</p>;
}

function LanguageSelect() {
  const texts = useTexts().app;
  const language = useLanguage((choice) => choice.language);
  const choose = useLanguage((choice) => choice.choose);
  return (
    <select
      className={styles.language}
      aria-label={texts.language}
      value={language}
      onChange={({ target }) => choose(target.value as Language)}
    >
      {Object.entries(LANGUAGES).map(([tag, name]) => (
        <option key={tag} value={tag} lang={tag}>
          {name}
        </option>
      ))}
    </select>
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

import { LANGUAGES, type Language } from '../state/page/language-store.ts';
import { SCREENS, type Screen } from '../state/page/screen-store.ts';
import { THEMES, type Theme } from '../state/page/theme-store.ts';
import styles from './App.module.css';
import { About } from './about/About.tsx';
import { Help } from './about/Help.tsx';
import {
  useDevice,
  useDeviceInUse,
  useLanguage,
  useModelCard,
  useModels,
  useSettings,
  useTheme,
} from './page/stores-context.ts';
import { QueueLine } from './queue/QueueLine.tsx';
import { deviceText } from './texts/device-text.ts';
import { useTexts } from './texts/use-texts.ts';
import { Icon } from './widgets/Icon.tsx';

interface Props {
  readonly screen: Screen;
  readonly show: (screen: Screen) => void;
}

/** The name, the screens, and what is worth knowing on each of them: downloads, the queue, the model and the device. */
export function Header({ screen, show }: Props) {
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
      <QueueLine isAlone={screen !== 'create'} />
      <p className={styles.facts}>
        <span className={styles.model}>{label} · </span>
        <DeviceName />
      </p>
      <ThemeSelect />
      <LanguageSelect />
      <Help />
      <About />
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
  const inUse = useDeviceInUse(choice);
  const failed = useDevice(({ error }) => error !== null);
  const text = inUse ? deviceText(device, inUse) : failed ? texts.deviceUnknown : texts.lookingForGpu;
  return <span className={styles.device}>{text}</span>;
}

/** An icon with the system's own list behind it. */
function ThemeSelect() {
  const texts = useTexts().app;
  const theme = useTheme((choice) => choice.theme);
  const choose = useTheme((choice) => choice.choose);
  return (
    <div className={styles.theme}>
      <Icon name="theme" />
      <select
        aria-label={texts.theme}
        title={texts.theme}
        value={theme}
        onChange={({ target }) => choose(target.value as Theme)}
      >
        {THEMES.map((name) => (
          <option key={name} value={name}>
            {texts.themes[name]}
          </option>
        ))}
      </select>
    </div>
  );
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

import '../protocol/trusted-types.ts';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { ROOT } from '../protocol/root.ts';
import { onLaunchedFile } from '../pwa/launched-files.ts';
import { register } from '../pwa/register.ts';
import { takeShared } from '../pwa/shared-picture.ts';
import { cacheForOffline } from '../state/actions/cache-for-offline.ts';
import { followRemovedPictures } from '../state/actions/forget-upscales.ts';
import { applyLink, followFormInLink, followLink } from '../state/actions/link.ts';
import { followUsedDevice } from '../state/actions/note-device.ts';
import {
  followFinishedPictures,
  followKeptPictures,
  followUpscaledPictures,
} from '../state/actions/save-pictures.ts';
import { receivePicture } from '../state/actions/take-over.ts';
import { followPromptTokens } from '../state/actions/update-token-counts.ts';
import { browserNotifier } from '../state/jobs/notifier.ts';
import { followSpeed } from '../state/jobs/speed-store.ts';
import { openClient, openStores } from '../state/open-stores.ts';
import { createLanguageStore } from '../state/page/language-store.ts';
import { createScreenStore, screenIn, withScreen } from '../state/page/screen-store.ts';
import { loadStored, type Stores } from '../state/stores.ts';
import { App } from './App.tsx';
import { ErrorBoundary, PageBroke } from './ErrorBoundary.tsx';
import { Framed } from './Framed.tsx';
import { migrateFirst } from './migrate-first.tsx';
import { StoresContext } from './page/stores-context.ts';
import { followTheme } from './page/theme.ts';
import { followInNotifications, followInTitle, followWithWakeLock } from './queue/background.ts';
import { en } from './texts/en.ts';
import { openTexts } from './texts/texts-store.ts';
import { TextsContext } from './texts/use-texts.ts';
import './theme.css';

/** The state of entries of the history that the page has written; others have none. */
const OWN = 'own';
const address = {
  readHash: () => location.hash,
  isOwn: () => history.state === OWN,
  pushHash: (hash: string) => history.pushState(OWN, '', `#${hash}`),
  /** The screen stays. */
  replaceHash(hash: string) {
    try {
      history.replaceState(OWN, '', `#${withScreen(hash, screenIn(location.hash))}`);
    } catch (error) {
      // WebKit throws after 100 calls in a few seconds, which a slider can make; the next change, or Generate, writes again.
      if (!(error instanceof DOMException && error.name === 'SecurityError')) throw error;
    }
  },
};

const root = createRoot(document.getElementById('root') as HTMLElement);

/** Draws the page. Until it stands, nothing is waited for but localStorage and, shortly, its journal: a browser may never answer. */
async function start(): Promise<void> {
  const library = openClient();
  await migrateFirst(root, library);
  const notifier = browserNotifier();
  const stores = await openStores(library, notifier);
  const texts = await openTexts(stores.language, document.documentElement);
  followTheme(stores.theme, document);
  applyLink(stores, address);
  follow(stores);
  const screens = createScreenStore(address);
  addEventListener('popstate', screens.getState().read);
  followInTitle(stores, screens, texts, document);
  followInNotifications(stores, texts, document, notifier);
  flushSync(() =>
    root.render(
      <ErrorBoundary texts={texts}>
        <StoresContext value={stores}>
          <TextsContext value={texts}>
            <App screens={screens} />
          </TextsContext>
        </StoresContext>
      </ErrorBoundary>,
    ),
  );
  ask(stores);
}

/** Lets stores and the address follow each other. */
function follow(stores: Stores): void {
  if ('wakeLock' in navigator) followWithWakeLock(stores, document, navigator.wakeLock);
  followSpeed(stores.generation, stores.speed, () => performance.now() / 1000);
  followFormInLink(stores, address);
  followPromptTokens(stores);
  followUsedDevice(stores);
  followFinishedPictures(stores);
  followKeptPictures(stores);
  followUpscaledPictures(stores);
  followRemovedPictures(stores);
  addEventListener('hashchange', () => followLink(stores, address));
}

/** Asks the browser and the worker for what the page can do without. */
function ask(stores: Stores): void {
  void loadStored(stores);
  void stores.device.getState().probe();
  void stores.models.getState().refresh();
  const receive = (picture: Blob) => void receivePicture(stores, picture);
  void takeShared(ROOT.pathname).then((picture) => picture && receive(picture));
  onLaunchedFile(receive);
  if (import.meta.env.PROD) {
    void register(ROOT, (applyUpdate) => stores.offline.setState({ applyUpdate }));
    cacheForOffline(stores);
  }
}

/** In a frame a page around it can lead clicks astray, so there is only a link to the page: the header that forbids it may be missing. */
async function showFramed(): Promise<void> {
  const language = createLanguageStore(navigator.languages, () => localStorage);
  const texts = await openTexts(language, document.documentElement);
  root.render(
    <TextsContext value={texts}>
      <Framed />
    </TextsContext>,
  );
}

const opened = window.top === window ? start() : showFramed();
opened.catch((error: unknown) => root.render(<PageBroke error={error} texts={en.errors} />));

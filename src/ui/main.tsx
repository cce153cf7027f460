import { createRoot } from 'react-dom/client';
import { ROOT } from '../protocol/root.ts';
import { onLaunchedFile } from '../pwa/launched-files.ts';
import { register } from '../pwa/register.ts';
import { takeShared } from '../pwa/shared-picture.ts';
import { cacheForOffline } from '../state/actions/cache-for-offline.ts';
import { followRemovedPictures } from '../state/actions/forget-upscales.ts';
import { applyLink, followFormInLink } from '../state/actions/link.ts';
import { followUsedDevice } from '../state/actions/note-device.ts';
import { followMemoryShortages } from '../state/actions/note-memory-shortage.ts';
import { followFinishedPictures, followUpscaledPictures } from '../state/actions/save-pictures.ts';
import { followPromptTokens } from '../state/actions/update-token-counts.ts';
import { browserNotifier } from '../state/jobs/notifier.ts';
import { followSpeed } from '../state/jobs/speed-store.ts';
import { openClient, openStores } from '../state/open-stores.ts';
import { App } from './App.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { migrateFirst } from './migrate-first.tsx';
import { StoresContext } from './page/stores-context.ts';
import { followInNotifications, followInTitle, followWithWakeLock } from './queue/background.ts';
import { openTexts } from './texts/texts-store.ts';
import { TextsContext } from './texts/use-texts.ts';
import './theme.css';

const address = {
  readHash: () => location.hash,
  replaceHash(hash: string) {
    try {
      history.replaceState(history.state, '', `#${hash}`);
    } catch (error) {
      // WebKit throws after 100 calls in a few seconds, which a slider can make; the next change, or Generate, writes again.
      if (!(error instanceof DOMException && error.name === 'SecurityError')) throw error;
    }
  },
};

const root = createRoot(document.getElementById('root') as HTMLElement);
const library = openClient();
await migrateFirst(root, library);

const notifier = browserNotifier();
const stores = openStores(library, notifier);
if ('wakeLock' in navigator) followWithWakeLock(stores, document, navigator.wakeLock);
followSpeed(stores.generation, stores.speed, () => performance.now() / 1000);
applyLink(stores, address);
followFormInLink(stores, address);
followPromptTokens(stores);
followMemoryShortages(stores);
followUsedDevice(stores);
followFinishedPictures(stores);
followUpscaledPictures(stores);
followRemovedPictures(stores);
addEventListener('hashchange', () => applyLink(stores, address));
void stores.device.getState().probe();
void stores.models.getState().refresh();
const startFrom = (picture: Blob) => void stores.initImage.getState().take(picture);
void takeShared(ROOT.pathname).then((picture) => picture && startFrom(picture));
onLaunchedFile(startFrom);

if (import.meta.env.PROD) {
  void register(ROOT, (applyUpdate) => stores.offline.setState({ applyUpdate }));
  cacheForOffline(stores);
}

const texts = await openTexts(stores.language, document.documentElement);
followInTitle(stores, texts, document);
followInNotifications(stores, texts, document, notifier);
root.render(
  <ErrorBoundary texts={texts}>
    <StoresContext value={stores}>
      <TextsContext value={texts}>
        <App />
      </TextsContext>
    </StoresContext>
  </ErrorBoundary>,
);

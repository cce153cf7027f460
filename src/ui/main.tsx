import { createRoot } from 'react-dom/client';
import { onLaunchedFile } from '../pwa/launched-files.ts';
import { register } from '../pwa/register.ts';
import { takeShared } from '../pwa/shared-picture.ts';
import { keepLargerPictures, keepPictures } from '../state/actions/keep-pictures.ts';
import { browserNotifier } from '../state/jobs/done-notice-store.ts';
import { isBusy } from '../state/jobs/generation-store.ts';
import { keepPace } from '../state/jobs/speed-store.ts';
import { followLink, keepCount, keepLink, keepMemory, keepUpscales, openStores } from '../state/stores.ts';
import { App } from './App.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { StoresContext } from './page/stores-context.ts';
import { keepAwake, keepDoneNotice, keepTitle } from './queue/background.ts';
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

const notifier = browserNotifier();
const stores = openStores(notifier);
if ('wakeLock' in navigator) keepAwake(stores, document, navigator.wakeLock);
keepPace(stores.generation, stores.pace, () => performance.now() / 1000);
followLink(stores, address);
keepLink(stores, address);
keepCount(stores);
keepMemory(stores);
keepPictures(stores);
keepLargerPictures(stores);
keepUpscales(stores);
addEventListener('hashchange', () => followLink(stores, address));
void stores.device.getState().probe();
void stores.models.getState().refresh();
const begin = (picture: Blob) => void stores.initImage.getState().take(picture);
void takeShared().then((picture) => picture && begin(picture));
onLaunchedFile(begin);

if (import.meta.env.PROD) {
  const { offline, generation, device } = stores;
  void register(new URL(import.meta.env.BASE_URL, location.href), (applyUpdate) =>
    offline.setState({ applyUpdate }),
  );
  const check = () => {
    const { missing } = offline.getState();
    if (missing?.length !== 0 && !isBusy(generation.getState()))
      void offline.getState().check(device.getState().report?.runtime);
  };
  // The first picture comes before what is fetched ahead.
  setTimeout(check, 10_000);
  generation.subscribe(({ phase }, before) => {
    if (phase === 'done' && before.phase !== 'done') check();
  });
}

const texts = await openTexts(stores.language, document.documentElement);
keepTitle(stores, texts, document);
keepDoneNotice(stores, texts, document, notifier);
createRoot(document.getElementById('root') as HTMLElement).render(
  <ErrorBoundary texts={texts}>
    <StoresContext value={stores}>
      <TextsContext value={texts}>
        <App />
      </TextsContext>
    </StoresContext>
  </ErrorBoundary>,
);

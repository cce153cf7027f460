import { createRoot } from 'react-dom/client';
import { followLink, keepLink, openStores } from '../state/stores.ts';
import { App } from './App.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { StoresContext } from './stores-context.ts';
import './theme.css';

const address = {
  readHash: () => location.hash,
  replaceHash: (hash: string) => history.replaceState(null, '', `#${hash}`),
};

const stores = openStores();
followLink(stores, address);
keepLink(stores, address);
addEventListener('hashchange', () => followLink(stores, address));
void stores.device.getState().probe();

createRoot(document.getElementById('root') as HTMLElement).render(
  <ErrorBoundary>
    <StoresContext value={stores}>
      <App />
    </StoresContext>
  </ErrorBoundary>,
);

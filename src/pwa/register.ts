import { serviceWorkers } from './service-workers.ts';
import type { UpdateMessage } from './update-message.ts';

/**
 * Registers the service worker, where the browser supports it; in private windows it may not.
 * @param root the folder of index.html
 * @param onUpdate is called when a newer version waits, with a function that activates it and reloads the page
 */
export async function register(root: URL, onUpdate: (apply: () => void) => void): Promise<void> {
  const container = serviceWorkers();
  const registration = container && (await registerIn(container, root));
  if (!container || !registration) return;
  const isFirst = container.controller === null;
  const offer = () => {
    if (!registration.waiting) return;
    onUpdate(() => {
      container.addEventListener('controllerchange', () => location.reload());
      registration.waiting?.postMessage('take-over' satisfies UpdateMessage);
    });
  };
  if (isFirst) return;
  offer();
  registration.addEventListener('updatefound', () =>
    registration.installing?.addEventListener('statechange', offer),
  );
}

async function registerIn(container: ServiceWorkerContainer, root: URL) {
  try {
    return await container.register(new URL('service-worker.js', root), { scope: root.pathname });
  } catch {
    // The Models screen says that the page is not ready offline.
    return undefined;
  }
}

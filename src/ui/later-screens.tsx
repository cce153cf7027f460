import { type ComponentType, lazy } from 'react';
import { useTexts } from './texts/use-texts.ts';

interface Props {
  /** Shows the Create screen, where something of this one is used. */
  readonly onUse: () => void;
}

/** A screen that is not needed for the first picture, loaded when it is first shown. */
const later = (load: () => Promise<ComponentType<Props>>) =>
  lazy(() =>
    load().then(
      (screen) => ({ default: screen }),
      () => ({ default: NotLoaded }),
    ),
  );

export const ExperimentsScreen = later(async () => {
  const { ExperimentsScreen: screen } = await import('./experiments/ExperimentsScreen.tsx');
  return screen;
});
export const GalleryScreen = later(async () => {
  const { GalleryScreen: screen } = await import('./gallery/GalleryScreen.tsx');
  return screen;
});
export const ModelsScreen = later(async () => {
  const { ModelsScreen: screen } = await import('./models/ModelsScreen.tsx');
  return screen;
});

/** In the place of a screen whose script did not come: without a network, or because the page is newer than this one. */
function NotLoaded() {
  const { app, errors } = useTexts();
  return (
    <main className="alone" role="alert">
      <p>{app.screenNotLoaded}</p>
      <button type="button" onClick={() => location.reload()}>
        {errors.reloadPage}
      </button>
    </main>
  );
}

import { useEffect } from 'react';
import { SETTINGS } from '../../protocol/settings.ts';
import { createDrawStores } from '../../state/draw/draw-stores.ts';
import { snap } from '../../state/form/fields.ts';
import { useSettings, useStores } from '../page/stores-context.ts';
import { DrawingPane } from './DrawingPane.tsx';
import { DrawPrompt } from './DrawPrompt.tsx';
import styles from './DrawScreen.module.css';
import { PicturePane } from './PicturePane.tsx';
import { DrawContext, useDrawing, useDrawTexts } from './use-draw.ts';
import { useFollowing } from './use-following.ts';

/** A drawing, and beside it the picture that is painted from it after each stroke. */
export function DrawScreen() {
  const stores = useStores();
  const texts = useDrawTexts();
  return (
    <main className={styles.draw} aria-label={texts.label}>
      <DrawContext value={stores.draw(createDrawStores)}>
        <Opened />
      </DrawContext>
    </main>
  );
}

function Opened() {
  // As it will be painted, whatever stands in the form while it is typed.
  const width = useSettings(({ fields }) => snap(SETTINGS.width, Number(fields.width)));
  const height = useSettings(({ fields }) => snap(SETTINGS.height, Number(fields.height)));
  const load = useDrawing((state) => state.load);
  const drawing = useDrawing((state) => state.drawing);
  const isLoaded = drawing !== null;
  const following = useFollowing();
  useEffect(() => {
    if (!isLoaded) void load({ width, height });
  }, [isLoaded, load, width, height]);
  return (
    <>
      <DrawPrompt follows={following.follows} />
      {drawing && <DrawingPane drawing={drawing} onShown={following.onShown} />}
      {drawing && <PicturePane shape={drawing} follows={following.follows} onPaint={following.paint} />}
    </>
  );
}

import { useCallback, useEffect, useRef } from 'react';
import { drawingRequest, fewStepsFor, followLiveDevice } from '../../state/actions/paint-drawing.ts';
import { useModelCard, useSettings, useStores } from '../page/stores-context.ts';
import { useDrawStores, useLive } from './use-draw.ts';

/** How long a text may be typed on before it is painted. */
const TYPED_MS = 300;

/** Lets the picture follow the drawing, and what it is painted with. */
export function useFollowing() {
  const stores = useStores();
  const { live } = useDrawStores();
  const snapshot = useRef<Blob | null>(null);
  const fields = useSettings((settings) => settings.fields);
  const strength = useLive((state) => state.strength);
  const seed = useLive((state) => state.seed);
  const card = useModelCard();
  const follows = fewStepsFor(fields, card, strength) !== null;
  const isFollowing = useRef(follows);
  isFollowing.current = follows;

  const paint = useCallback(() => {
    const drawing = snapshot.current;
    if (drawing) live.getState().paint(() => drawingRequest(stores, drawing, live.getState()));
  }, [stores, live]);

  /** The drawing as it is shown; it is painted where somebody has drawn on it. */
  const onShown = useCallback(
    (drawing: Blob, isNew: boolean) => {
      snapshot.current = drawing;
      if (isNew && isFollowing.current) paint();
    },
    [paint],
  );

  const wish = JSON.stringify([fields, strength, seed]);
  const last = useRef(wish);
  useEffect(() => {
    // What was painted is another's; before anything is, nothing is repainted.
    if (last.current === wish || !isFollowing.current || !live.getState().request) return;
    const typed = setTimeout(() => {
      last.current = wish;
      paint();
    }, TYPED_MS);
    return () => clearTimeout(typed);
  }, [wish, paint, live]);

  useEffect(() => followLiveDevice(stores, live), [stores, live]);
  // Nobody waits for a step of a model that is not in use any more.
  const { model } = fields;
  const lastModel = useRef(model);
  useEffect(() => {
    if (lastModel.current !== model) live.getState().stop();
    lastModel.current = model;
  }, [live, model]);
  return { paint, onShown, follows };
}

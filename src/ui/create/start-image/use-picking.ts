import { type Dispatch, type SetStateAction, useEffect, useRef, useState } from 'react';
import { RECOMMENDED_SEGMENTER } from '../../../catalog/recommended-parts.ts';
import { fromWire, toWire } from '../../../protocol/errors.ts';
import type { SegmentPrompt } from '../../../protocol/segment.ts';
import { marks, withArea } from '../../../state/form/mask-area.ts';
import { change, type MaskHistory } from '../../../state/form/mask-history.ts';
import type { Mask } from '../../../storage/stored-files.ts';
import { useModels, useStores } from '../../page/stores-context.ts';
import type { PlacedOnCanvas } from './use-placement.ts';

/** The thing that was marked last: as long as nothing else was done, less of it can be asked for. */
interface Thing {
  readonly before: Mask;
  readonly after: Mask;
  readonly prompt: SegmentPrompt;
  readonly area: Blob;
}

interface Picking {
  readonly placed: PlacedOnCanvas;
  readonly history: MaskHistory;
  readonly onHistory: Dispatch<SetStateAction<MaskHistory>>;
}

/** Why a click changed nothing. */
export type Missed = 'outside' | 'nothing';

/** The history as it is when something is over, and what adds a mask to it: undo goes back over that as over a stroke. */
function useLatest(history: MaskHistory, onHistory: Picking['onHistory']) {
  const latest = useRef(history);
  useEffect(() => {
    latest.current = history;
  }, [history]);
  const put = (after: Mask) => {
    // The next click may come before the page is drawn again.
    latest.current = change(latest.current, after);
    onHistory((now) => change(now, after));
  };
  return { latest, put };
}

/** Finds what is clicked on, one click after another, and marks it in the mask or takes it away. */
export function usePicking({ placed, history, onHistory }: Picking) {
  const { segments, initImage, settings } = useStores();
  const model = useModels(({ installed }) => segmenterIn(installed ?? []));
  const [missed, setMissed] = useState<Missed | null>(null);
  const { latest, put } = useLatest(history, onHistory);
  const thing = useRef<Thing | null>(null);
  const last = useRef<Promise<unknown>>(Promise.resolve());
  const ground = { file: placed.file, canvas: placed.canvas, whole: placed.placement.whole };
  useEffect(() => () => segments.getState().end(), [segments]);

  const find = async (prompt: SegmentPrompt) => {
    const { file, url } = initImage.getState();
    const { device } = settings.getState().fields;
    if (!file || !url || !model) return null;
    return segments.getState().find(file, url, model, device, prompt);
  };
  /** What is drawn meanwhile stays. */
  const mark = async (area: Blob, isTakenAway: boolean) => {
    for (;;) {
      const before = latest.current.now;
      const after = await withArea(before, area, isTakenAway, ground);
      if (before !== latest.current.now) continue;
      put(after);
      return { before, after };
    }
  };
  const narrow = async (from: Thing, { points }: SegmentPrompt) => {
    const beside = points.map((point) => ({ ...point, isPart: false }));
    const prompt = { ...from.prompt, points: [...from.prompt.points, ...beside] };
    const found = await find(prompt);
    if (!found || latest.current.now !== from.after) return;
    const { before } = from;
    const after = found.mask ? await withArea(before, found.mask, false, ground) : before;
    if (latest.current.now !== from.after) return;
    put(after);
    thing.current = found.mask && { before, after, prompt, area: found.mask };
  };
  const pickNow = async (prompt: SegmentPrompt, isTakenAway: boolean) => {
    const from = thing.current;
    const [point] = prompt.points;
    if (isTakenAway && from && point && from.after === latest.current.now)
      if (await marks(from.area, point.x, point.y)) return narrow(from, prompt);
    const found = await find(prompt);
    if (!found) return;
    if (!found.mask) return setMissed('nothing');
    const { before, after } = await mark(found.mask, isTakenAway);
    thing.current = isTakenAway ? null : { before, after, prompt, area: found.mask };
  };
  const pick = (prompt: SegmentPrompt | null, isTakenAway: boolean) => {
    setMissed(prompt ? null : 'outside');
    if (!prompt) return;
    const failed = (error: unknown) => segments.setState({ error: fromWire(toWire(error)) });
    const { stops } = segments.getState();
    const isWanted = () => segments.getState().stops === stops;
    last.current = last.current
      .then(() => (isWanted() ? pickNow(prompt, isTakenAway) : undefined))
      .catch(failed);
  };
  return { pick, missed, model };
}

const segmenterIn = (
  installed: readonly { readonly id: string; readonly type: string; readonly complete: boolean }[],
) => {
  const all = installed.filter(({ type, complete }) => type === 'segmenter' && complete);
  return (all.find(({ id }) => id === RECOMMENDED_SEGMENTER.id) ?? all[0])?.id;
};

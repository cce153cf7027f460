import { type Dispatch, type SetStateAction, useEffect, useRef, useState } from 'react';
import { RECOMMENDED_SEGMENTER } from '../../../catalog/models.ts';
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

/** Finds what is clicked on, one click after another, and marks it in the mask or takes it away. */
export function usePicking({ placed, history, onHistory }: Picking) {
  const { segments, initImage, settings } = useStores();
  const model = useModels(({ installed }) => segmenterIn(installed ?? []));
  const [missed, setMissed] = useState<Missed | null>(null);
  const latest = useRef(history);
  const thing = useRef<Thing | null>(null);
  const last = useRef<Promise<unknown>>(Promise.resolve());
  useEffect(() => {
    latest.current = history;
  }, [history]);
  useEffect(() => () => segments.getState().end(), [segments]);

  const find = async (prompt: SegmentPrompt) => {
    const { file, url } = initImage.getState();
    const { device } = settings.getState().fields;
    if (!file || !url || !model) return null;
    return segments.getState().find(file, url, model, device, prompt);
  };
  /** Undo goes back over it as over a stroke. What is drawn meanwhile stays. */
  const mark = async (area: Blob, isTakenAway: boolean) => {
    const { file, canvas, placement } = placed;
    for (;;) {
      const before = latest.current.now;
      const after = await withArea(before, area, isTakenAway, { file, canvas, whole: placement.whole });
      if (before !== latest.current.now) continue;
      onHistory((now) => change(now, after));
      return { before, after };
    }
  };
  const narrow = async (from: Thing, { points }: SegmentPrompt) => {
    const beside = points.map((point) => ({ ...point, isPart: false }));
    const prompt = { ...from.prompt, points: [...from.prompt.points, ...beside] };
    const found = await find(prompt);
    if (!found || latest.current.now !== from.after) return;
    const { file, canvas, placement } = placed;
    const { before } = from;
    const ground = { file, canvas, whole: placement.whole };
    const after = found.mask ? await withArea(before, found.mask, false, ground) : before;
    if (latest.current.now !== from.after) return;
    onHistory((now) => change(now, after));
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
    if (prompt) last.current = last.current.then(() => pickNow(prompt, isTakenAway));
  };
  return { pick, missed, model };
}

const segmenterIn = (
  installed: readonly { readonly id: string; readonly type: string; readonly complete: boolean }[],
) => {
  const all = installed.filter(({ type, complete }) => type === 'segmenter' && complete);
  return (all.find(({ id }) => id === RECOMMENDED_SEGMENTER.id) ?? all[0])?.id;
};

import { useEffect, useRef } from 'react';
import { undoTakeover } from '../state/actions/take-over.ts';
import type { Experiments } from '../state/jobs/experiments-store.ts';
import { useExperiments, useGeneration, useNotice, useQueue, useStores } from './page/stores-context.ts';
import { useNoticePlace } from './page/use-notice-place.ts';
import styles from './Status.module.css';
import type { Texts } from './texts/en.ts';
import { announcement } from './texts/progress-text.ts';
import { queueNews } from './texts/queue-text.ts';
import { textOf } from './texts/text-of.ts';
import { useTexts } from './texts/use-texts.ts';

/** The page's status messages for screen readers. A notice is also shown for a while, above everything else. */
export function Status() {
  const shown = useRef<HTMLSpanElement>(null);
  const texts = useTexts();
  const stores = useStores();
  const canUndo = useNotice((notice) => notice.canUndo);
  const fact = useNotice((notice) => notice.fact);
  const count = useNotice((notices) => notices.count);
  const ofExperiment = useExperiments((experiments) => experimentNews(texts.experiments, experiments));
  const ofQueue = useQueue((queue) => queueNews(texts.queue, queue));
  const ofPicture = useGeneration((generation) => announcement(texts.progress, generation));
  const placeNow = useNoticePlace();
  useEffect(() => {
    if (shown.current && fact) shown.current.dataset.place = placeNow();
    shown.current?.togglePopover(fact !== null);
  }, [fact, placeNow]);
  return (
    <div role="status" aria-atomic="false">
      <span className="unseen">{ofExperiment ?? ofPicture}</span>
      <span className="unseen">{ofQueue}</span>
      <span ref={shown} popover="manual" className={styles.notice}>
        <span key={count}>{fact && textOf(texts.notices, fact)}</span>
        {canUndo && (
          <button type="button" title={texts.create.undoShortcut} onClick={() => void undoTakeover(stores)}>
            {texts.settingsOffer.undo}
          </button>
        )}
      </span>
    </div>
  );
}

/** While an experiment runs, its finished pictures are counted instead of steps. */
function experimentNews(texts: Texts['experiments'], { phase, current }: Experiments): string | null {
  if (phase === 'idle' || !current) return null;
  const done = current.cells.filter(({ state }) => state === 'done').length;
  return texts.news(done, current.cells.length);
}

import { useQueue } from '../page/stores-context.ts';
import { jobName } from '../texts/queue-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { IconButton } from '../widgets/IconButton.tsx';
import { Thumbnail } from './JobRow.tsx';
import styles from './Queue.module.css';

/** As many as are seen at a glance; the panel has them all. */
const SHOWN = 3;

/** Above the print: what was left in the queue when the page was last closed. Each can be started or dropped. */
export function FromLastVisit() {
  const texts = useTexts().queue;
  const { waiting, resume, cancel, dropHeld } = useQueue((queue) => queue);
  const held = waiting.filter(({ isHeld }) => isHeld);
  return (
    <section className={styles.lastVisit} aria-label={texts.lastVisit}>
      <p>{texts.heldJobs(held.length)}</p>
      <ul>
        {held.slice(0, SHOWN).map(({ id, request }) => {
          const name = jobName(texts, request);
          return (
            <li key={id}>
              {request.image && <Thumbnail file={request.image.file} />}
              <span dir="auto">{name}</span>
              <button type="button" aria-label={texts.startJob(name)} onClick={() => resume(id)}>
                {texts.start}
              </button>
              <IconButton icon="close" label={texts.drop(name)} onClick={() => cancel(id)} />
            </li>
          );
        })}
      </ul>
      {held.length > SHOWN && <p>{texts.moreHeld(held.length - SHOWN)}</p>}
      {held.length > 1 && (
        <div>
          <button type="button" onClick={() => resume()}>
            {texts.startAll}
          </button>
          <button type="button" onClick={dropHeld}>
            {texts.dropAll}
          </button>
        </div>
      )}
    </section>
  );
}

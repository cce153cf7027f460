import { type DOMAttributes, type ReactNode, useEffect, useState } from 'react';
import type { Job } from '../../state/jobs/queue-store.ts';
import type { ErrorText } from '../texts/en.ts';
import { jobFacts } from '../texts/queue-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { Icon } from '../widgets/Icon.tsx';
import styles from './Queue.module.css';

interface Props {
  readonly job: Job;
  /** Its state in a word or two. */
  readonly fact: string | null;
  readonly fault?: ErrorText;
  /** Event handlers of the handle by which it is dragged. */
  readonly handle?: DOMAttributes<HTMLElement>;
  /** The side on which the dragged job would be dropped. */
  readonly drop?: 'above' | 'below' | undefined;
  readonly isDragged?: boolean;
  /** What can be done with it. */
  readonly children: ReactNode;
}

/** One job of the queue: its prompt, its facts, and its error if it failed. */
export function JobRow({ job, fact, fault, handle, drop, isDragged = false, children }: Props) {
  const texts = useTexts().queue;
  const { id, request, origin } = job;
  const prompt = request.prompt.trim();
  const facts = [origin.kind === 'experiment' ? texts.ofExperiment : null, fact, jobFacts(texts, request)];
  return (
    <li className={styles.row} data-drop={drop} data-dragged={isDragged || undefined} data-id={handle && id}>
      {handle && (
        <span className={styles.handle} title={texts.drag} aria-hidden="true" {...handle}>
          <Icon name="grip" />
        </span>
      )}
      {request.image && <Thumbnail file={request.image.file} />}
      <div className={styles.about}>
        <p dir="auto">{prompt === '' ? texts.noPrompt : prompt}</p>
        <p>{facts.filter((part) => part !== null).join(' · ')}</p>
      </div>
      <div className={styles.actions}>{children}</div>
      {fault && (
        <p className={styles.fault}>
          {fault.sentence} {fault.remedy}
        </p>
      )}
    </li>
  );
}

/** The initial image of a job. */
export function Thumbnail({ file }: { readonly file: Blob }) {
  const texts = useTexts().queue;
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return url && <img src={url} alt={texts.startPicture} className={styles.thumbnail} />;
}

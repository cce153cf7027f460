import { type DOMAttributes, type ReactNode, useEffect, useState } from 'react';
import type { Job } from '../../state/queue.ts';
import type { ErrorText } from '../error-text.ts';
import { Icon } from '../widgets/Icon.tsx';
import styles from './Queue.module.css';
import { jobFacts } from './queue-text.ts';

interface Props {
  readonly job: Job;
  /** How it stands with it. */
  readonly fact: string | null;
  readonly fault?: ErrorText;
  /** Where it can be dragged by. */
  readonly handle?: DOMAttributes<HTMLElement>;
  /** Where what is dragged would come to lie. */
  readonly drop?: 'above' | 'below' | undefined;
  readonly isDragged?: boolean;
  /** What can be done with it. */
  readonly children: ReactNode;
}

/** One job of the queue. */
export function JobRow({ job, fact, fault, handle, drop, isDragged = false, children }: Props) {
  const { id, request, origin } = job;
  const prompt = request.prompt.trim();
  const facts = [origin.kind === 'experiment' ? 'experiment' : null, fact, jobFacts(request)];
  return (
    <li className={styles.row} data-drop={drop} data-dragged={isDragged || undefined} data-id={handle && id}>
      {handle && (
        <span className={styles.handle} title="Drag to another place" aria-hidden="true" {...handle}>
          <Icon name="grip" />
        </span>
      )}
      {request.image && <Thumbnail file={request.image.file} />}
      <div className={styles.about}>
        <p dir="auto">{prompt === '' ? 'No prompt' : prompt}</p>
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

/** The picture a job starts from. */
function Thumbnail({ file }: { readonly file: Blob }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return url && <img src={url} alt="The one to start from" className={styles.thumbnail} />;
}

import { useGeneration } from '../stores-context.ts';
import { announcement } from './progress-text.ts';

/** The page's one voice for screen readers. */
export function Status() {
  return (
    <p role="status" className="unseen">
      {useGeneration(announcement)}
    </p>
  );
}

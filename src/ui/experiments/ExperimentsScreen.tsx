import { useExperiments } from '../page/stores-context.ts';
import { useTexts } from '../texts/use-texts.ts';
import { ExperimentForm } from './ExperimentForm.tsx';
import styles from './ExperimentsScreen.module.css';
import { ExperimentView } from './ExperimentView.tsx';
import { StoredExperiments } from './StoredExperiments.tsx';

/** One or two settings at several values, side by side. `onUse` shows the Create screen, where a cell's settings are used. */
export function ExperimentsScreen({ onUse }: { readonly onUse: () => void }) {
  const texts = useTexts().experiments;
  const current = useExperiments((experiments) => experiments.current);
  return (
    <main className={styles.experiments} aria-label={texts.label}>
      <ExperimentForm />
      {current && <ExperimentView key={current.id} experiment={current} onUse={onUse} />}
      <StoredExperiments />
    </main>
  );
}

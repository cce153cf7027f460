import { useExperiments } from '../stores-context.ts';
import { ExperimentForm } from './ExperimentForm.tsx';
import styles from './ExperimentsScreen.module.css';
import { ExperimentView } from './ExperimentView.tsx';
import { KeptExperiments } from './KeptExperiments.tsx';

/** One or two settings tried at several values, side by side. `onUse` shows the form with what was taken from a picture. */
export function ExperimentsScreen({ onUse }: { readonly onUse: () => void }) {
  const current = useExperiments((experiments) => experiments.current);
  const isUnkept = useExperiments((experiments) => experiments.isUnkept);
  return (
    <main className={styles.experiments} aria-label="Experiments">
      <ExperimentForm />
      {isUnkept && (
        <p role="alert" className={styles.fault}>
          This browser could not keep everything of the experiments: save the pictures before you leave.
        </p>
      )}
      {current && <ExperimentView key={current.id} experiment={current} onUse={onUse} />}
      <KeptExperiments />
    </main>
  );
}

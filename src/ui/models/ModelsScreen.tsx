import { RECOMMENDED, RECOMMENDED_VAES } from '../../catalog/models.ts';
import { useModels } from '../stores-context.ts';
import { AddModel } from './AddModel.tsx';
import { HubForm } from './HubForm.tsx';
import { InstalledRow, PartialRow, RecommendedRow, TrinketRow } from './ModelRows.tsx';
import styles from './ModelsScreen.module.css';
import { StorageLine } from './StorageLine.tsx';

/** What paints on this device, and what else could. */
export function ModelsScreen({ onUse }: { readonly onUse: () => void }) {
  const models = useModels(({ installed }) => installed);
  const arrivals = useModels((store) => store.arrivals);
  const complete = models?.filter((model) => model.complete) ?? [];
  const partial = models?.filter((model) => !model.complete) ?? [];
  const begun = new Set([...(models ?? []).map(({ id }) => id), ...Object.keys(arrivals)]);
  const unlisted = Object.keys(arrivals).filter((id) => !models?.some((model) => model.id === id));
  return (
    <main className={styles.models} aria-label="Models">
      <section aria-label="On this device">
        <h2>On this device</h2>
        <ul>
          <TrinketRow onUse={onUse} />
          {unlisted.map((id) => (
            <PartialRow key={id} id={id} model={null} />
          ))}
          {partial.map((model) => (
            <PartialRow key={model.id} id={model.id} model={model} />
          ))}
          {complete.map((model) => (
            <InstalledRow key={model.id} model={model} onUse={onUse} />
          ))}
        </ul>
        <StorageLine />
      </section>
      <AddModel />
      <section aria-label="Recommended">
        <h2>Recommended</h2>
        <ul>
          {[...RECOMMENDED, ...RECOMMENDED_VAES]
            .filter(({ id }) => !begun.has(id))
            .map((model) => (
              <RecommendedRow key={model.id} model={model} />
            ))}
        </ul>
        <HubForm />
      </section>
    </main>
  );
}

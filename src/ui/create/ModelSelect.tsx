import { BUNDLED, type ModelId, modelLabel } from '../../catalog/models.ts';
import type { InstalledModel } from '../../protocol/models.ts';
import { isReady, modelCard } from '../../state/models.ts';
import { useModels, useSettings, useStores } from '../stores-context.ts';
import { Select } from '../widgets/Select.tsx';
import styles from './Options.module.css';

/** Which of the models at hand paints. */
export function ModelSelect() {
  const { settings } = useStores();
  const model = useSettings(({ fields }) => fields.model);
  const installed = useModels((models) => models.installed);
  const ready = installed?.filter(({ type, complete }) => type === 'model' && complete) ?? [];
  const ids = [...new Set([...Object.keys(BUNDLED), ...ready.map(({ id }) => id), model])];
  const isMissing = installed !== null && !isReady(model, installed);
  return (
    <div>
      <Select<ModelId>
        label="Model"
        about="Which model paints; its usual settings come with it"
        value={model}
        options={Object.fromEntries(ids.map((id) => [id, modelLabel(id)]))}
        note={isMissing ? `${modelLabel(model)} is not on this device: get it under Models.` : undefined}
        onChange={(id) => settings.getState().chooseModel(id, modelCard(id, installed).defaults)}
      />
      <VaeSelect />
      <PreviewSelect />
      <p className={styles.hint}>More of them, from the Hub or from disk, under Models.</p>
    </div>
  );
}

/** VAEs on this device that read the model's latents, and the one that is chosen. */
function useFittingVaes(chosen: ModelId, fits: (vae: InstalledModel) => boolean): Record<ModelId, string> {
  const model = useSettings(({ fields }) => fields.model);
  const installed = useModels((models) => models.installed) ?? [];
  const family = installed.find(({ id }) => id === model)?.family;
  const fitting = installed.filter(
    (other) => other.type === 'vae' && other.complete && other.family === family && fits(other),
  );
  const ids = new Set([...fitting.map(({ id }) => id), ...(chosen === '' ? [] : [chosen])]);
  return Object.fromEntries([...ids].map((id) => [id, modelLabel(id)]));
}

/** Only where there is a choice. */
function VaeSelect() {
  const vae = useSettings(({ fields }) => fields.vae);
  const set = useSettings((settings) => settings.set);
  const fitting = useFittingVaes(vae, () => true);
  if (Object.keys(fitting).length === 0) return null;
  return (
    <Select<ModelId>
      label="VAE"
      about="What makes pixels of latents: the model’s own, or another of its family"
      value={vae}
      options={{ '': 'The model’s own', ...fitting }}
      onChange={(value) => set('vae', value)}
    />
  );
}

/** Only where a tiny VAE is at hand. */
function PreviewSelect() {
  const preview = useSettings(({ fields }) => fields.preview);
  const set = useSettings((settings) => settings.set);
  const fitting = useFittingVaes(preview, ({ vaeClass }) => vaeClass === 'AutoencoderTiny');
  if (Object.keys(fitting).length === 0) return null;
  return (
    <Select<ModelId>
      label="Previews"
      about="What is shown of every step"
      value={preview}
      options={{ '': 'Quick colours', ...fitting }}
      onChange={(value) => set('preview', value)}
    />
  );
}

import { BUNDLED, type ModelId, modelLabel } from '../../catalog/models.ts';
import type { SwappableComponent } from '../../protocol/models.ts';
import { type Fields, fieldLabel, WEIGHTS_CHOICES, type WeightsChoice } from '../../state/fields.ts';
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
      <ComponentSelect component="vae" />
      <PreviewSelect />
      <WeightsSelect />
      <p className={styles.hint}>More of them, from the Hub or from disk, under Models.</p>
    </div>
  );
}

/** What of this device can stand in for the model's own component: repositories of it, and models of the same family. */
function useDonors(component: SwappableComponent, chosen: ModelId): Record<ModelId, string> {
  const model = useSettings(({ fields }) => fields.model);
  const installed = useModels((models) => models.installed) ?? [];
  const family = installed.find(({ id }) => id === model)?.family;
  const fitting = installed.filter(
    (other) =>
      other.complete &&
      family !== undefined &&
      family !== 'own' &&
      other.id !== model &&
      (other.type === component || other.type === 'model') &&
      (other.family === family || other.family === null),
  );
  const ids = new Set([...fitting.map(({ id }) => id), ...(chosen === '' ? [] : [chosen])]);
  return Object.fromEntries([...ids].map((id) => [id, modelLabel(id)]));
}

const SWAPS = {
  vae: { field: 'vae', about: 'What makes pixels of latents' },
  unet: { field: 'unet', about: 'What takes the noise away' },
  text_encoder: { field: 'textEncoder', about: 'What reads the prompt' },
} as const satisfies Record<SwappableComponent, { field: keyof Fields; about: string }>;

/** Another model's component in place of the model's own; only where there is a choice. */
export function ComponentSelect({ component }: { readonly component: SwappableComponent }) {
  const { field, about } = SWAPS[component];
  const chosen = useSettings(({ fields }) => fields[field]);
  const set = useSettings((settings) => settings.set);
  const donors = useDonors(component, chosen);
  if (Object.keys(donors).length === 0) return null;
  return (
    <Select<ModelId>
      label={fieldLabel(field)}
      about={about}
      value={chosen}
      options={{ '': 'The model’s own', ...donors }}
      onChange={(value) => set(field, value)}
    />
  );
}

/** Only where the model has quantised copies. */
function WeightsSelect() {
  const model = useSettings(({ fields }) => fields.model);
  const weights = useSettings(({ fields }) => fields.weights);
  const set = useSettings((settings) => settings.set);
  const copies = useModels((models) => models.installed)?.find(({ id }) => id === model)?.files ?? [];
  const made = (['16', '8', '4'] as const).filter(
    (bits) => bits === weights || copies.some(({ path }) => path === `quantized/unet.${bits}.safetensors`),
  );
  if (made.length === 0) return null;
  const options = ['full', ...made] as const;
  return (
    <Select<WeightsChoice>
      label="Weights"
      about="Fewer bits take less memory, and paint a little differently"
      value={weights}
      options={
        Object.fromEntries(options.map((choice) => [choice, WEIGHTS_CHOICES[choice]])) as Record<
          WeightsChoice,
          string
        >
      }
      onChange={(value) => set('weights', value)}
    />
  );
}

/** Only where a tiny VAE is at hand. */
function PreviewSelect() {
  const preview = useSettings(({ fields }) => fields.preview);
  const set = useSettings((settings) => settings.set);
  const tiny =
    useModels((models) => models.installed)?.filter((vae) => vae.className === 'AutoencoderTiny') ?? [];
  const donors = useDonors('vae', preview);
  const fitting = Object.entries(donors).filter(
    ([id]) => id === preview || tiny.some((vae) => vae.id === id),
  );
  if (fitting.length === 0) return null;
  return (
    <Select<ModelId>
      label="Previews"
      about="What is shown of every step"
      value={preview}
      options={{ '': 'Quick colours', ...Object.fromEntries(fitting) }}
      onChange={(value) => set('preview', value)}
    />
  );
}

import { BUNDLED, type ModelId, modelLabel } from '../../../catalog/models.ts';
import { hasQuantizedCopy, type SwappableComponent } from '../../../protocol/models.ts';
import { type ComponentName, SETTINGS } from '../../../protocol/settings.ts';
import { chooseModel } from '../../../state/actions/take-over.ts';
import { isReady } from '../../../state/device/model-card.ts';
import type { Fields } from '../../../state/form/fields.ts';
import { useModels, useSettings, useStores } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { Select } from '../../widgets/Select.tsx';
import styles from './Options.module.css';
import { ResetButton } from './ResetButton.tsx';

/** Which model paints: one that came with the page, or one on this device. */
export function ModelSelect() {
  const { create: texts, fields: words } = useTexts();
  const stores = useStores();
  const model = useSettings(({ fields }) => fields.model);
  const installed = useModels((models) => models.installed);
  const ready = installed?.filter(({ type, complete }) => type === 'model' && complete) ?? [];
  const ids = [...new Set([...Object.keys(BUNDLED), ...ready.map(({ id }) => id), model])];
  const isMissing = installed !== null && !isReady(model, installed);
  return (
    <div className={styles.model}>
      <Select<ModelId>
        label={words.labels.model}
        help="model"
        value={model}
        options={Object.fromEntries(ids.map((id) => [id, modelLabel(id)]))}
        note={isMissing ? texts.notHere(modelLabel(model)) : undefined}
        onChange={(id) => void chooseModel(stores, id)}
      />
      <ComponentSelect field="vae" />
      <PreviewSelect />
      <WeightsSelect />
      <ResetButton />
      <p className={styles.hint}>{texts.moreModels}</p>
    </div>
  );
}

/** What on this device can replace a component of the model: repositories of that component, and models of the same latents. */
function useReplacements(component: SwappableComponent, chosen: ModelId): Record<ModelId, string> {
  const model = useSettings(({ fields }) => fields.model);
  const installed = useModels((models) => models.installed) ?? [];
  const latentSpace = installed.find(({ id }) => id === model)?.family;
  const fitting = installed.filter(
    (other) =>
      other.complete &&
      latentSpace !== undefined &&
      latentSpace !== 'own' &&
      other.id !== model &&
      (other.type === component || other.type === 'model') &&
      (other.family === latentSpace || other.family === null),
  );
  const ids = new Set([...fitting.map(({ id }) => id), ...(chosen === '' ? [] : [chosen])]);
  return Object.fromEntries([...ids].map((id) => [id, modelLabel(id)]));
}

/** Replaces a component of the model by another's. Shown only if there is a choice. */
export function ComponentSelect({ field }: { readonly field: ComponentName }) {
  const texts = useTexts().fields;
  const chosen = useSettings(({ fields }) => fields[field]);
  const set = useSettings((settings) => settings.set);
  const replacements = useReplacements(SETTINGS[field].component, chosen);
  if (Object.keys(replacements).length === 0) return null;
  return (
    <Select<ModelId>
      label={texts.labels[field]}
      help={field}
      value={chosen}
      options={{ '': texts.ownComponent, ...replacements }}
      onChange={(value) => set(field, value)}
    />
  );
}

/** Which copy of the weights is used. Shown only if the model has quantised copies. */
function WeightsSelect() {
  const texts = useTexts().fields;
  const model = useSettings(({ fields }) => fields.model);
  const chosen = useSettings(({ fields }) => fields.bits);
  const set = useSettings((settings) => settings.set);
  const copies = useModels((models) => models.installed)?.find(({ id }) => id === model)?.files ?? [];
  const made = SETTINGS.bits.choices.filter(
    (bits) => String(bits) === chosen || hasQuantizedCopy(copies, bits),
  );
  if (made.length === 0) return null;
  const options = ['full', ...made] as const;
  return (
    <Select<Fields['bits']>
      label={texts.labels.bits}
      help="bits"
      value={chosen}
      options={
        Object.fromEntries(options.map((choice) => [choice, texts.bits[choice]])) as Record<
          Fields['bits'],
          string
        >
      }
      onChange={(value) => set('bits', value)}
    />
  );
}

/** What previews are made with. Shown only if there is a tiny VAE on this device. */
function PreviewSelect() {
  const texts = useTexts().fields;
  const chosen = useSettings(({ fields }) => fields.previewVae);
  const set = useSettings((settings) => settings.set);
  const previewVaes = useModels((models) => models.previewVaes);
  const replacements = useReplacements('vae', chosen);
  const fitting = Object.entries(replacements).filter(([id]) => id === chosen || previewVaes.includes(id));
  if (fitting.length === 0) return null;
  return (
    <Select<ModelId>
      label={texts.labels.previewVae}
      help="previewVae"
      value={chosen}
      options={{ '': texts.ownPreview, ...Object.fromEntries(fitting) }}
      onChange={(value) => set('previewVae', value)}
    />
  );
}

import type { InstalledModel } from '../../protocol/models.ts';
import { useModels } from '../page/stores-context.ts';
import { AddOns } from './AddOns.tsx';
import { BundledRow } from './BundledRow.tsx';
import { expectedType, GROUP_NAMES, type Group, isInGroup } from './groups.ts';
import { InstalledRow } from './InstalledRow.tsx';
import styles from './ModelsScreen.module.css';
import { PartialRow } from './PartialRow.tsx';
import { StorageLine } from './StorageLine.tsx';
import { useModelsTexts } from './use-models-texts.ts';

interface Props {
  /** Shows the Create screen. */
  readonly onUse: () => void;
}

/** The models on this device and those that are arriving, by what they are for, and how much room they take. */
export function OnDevice({ onUse }: Props) {
  const { here: label, samples } = useModelsTexts();
  const installed = useModels((store) => store.installed) ?? [];
  const loras = installed.filter(({ type, complete }) => type === 'lora' && complete);
  return (
    <section aria-label={label}>
      <h2>{label}</h2>
      {GROUP_NAMES.map((group) => (
        <OneGroup key={group} {...{ group, onUse }} />
      ))}
      <AddOns {...{ loras, onUse }} />
      <p className={styles.hint}>{samples}</p>
      <StorageLine />
    </section>
  );
}

/** The models of a group; with those that paint stands whatever is no model yet. */
function OneGroup({ group, onUse }: Props & { readonly group: Group }) {
  const texts = useModelsTexts();
  const installed = useModels((store) => store.installed) ?? [];
  const downloads = useModels((store) => store.downloads);
  const isHere = ({ type, complete }: InstalledModel) =>
    isInGroup(group, type) || (group === 'paint' && type === 'lora' && !complete);
  const models = installed.filter(isHere);
  const arriving = Object.keys(downloads).filter(
    (id) => !installed.some((model) => model.id === id) && isInGroup(group, expectedType(id)),
  );
  if (group !== 'paint' && models.length + arriving.length === 0) return null;
  return (
    <>
      <h3 className={styles.group}>{texts.groups[group]}</h3>
      <ul>
        {group === 'paint' && <BundledRow onUse={onUse} />}
        {arriving.map((id) => (
          <PartialRow key={id} id={id} model={null} />
        ))}
        {models.map((model) =>
          model.complete ? (
            <InstalledRow key={model.id} model={model} onUse={onUse} />
          ) : (
            <PartialRow key={model.id} id={model.id} model={model} />
          ),
        )}
      </ul>
    </>
  );
}

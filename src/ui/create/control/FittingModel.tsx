import { type ModelId, modelLabel } from '../../../catalog/models.ts';
import type { InstalledModel } from '../../../protocol/models.ts';
import { useModels } from '../../page/stores-context.ts';
import type { HelpName } from '../../texts/setting-help.ts';
import { Select } from '../../widgets/Select.tsx';
import styles from './Layer.module.css';

interface Props {
  readonly label: string;
  readonly help: HelpName;
  /** Null where none is chosen yet; it stays among the choices where it does not fit. */
  readonly chosen: ModelId | null;
  /** What is on this device and fits the form's model. */
  readonly fitting: readonly InstalledModel[];
  readonly texts: { readonly none: string; readonly noneHere: string; readonly toModels: string };
  /** Whether the run already waits for a choice. */
  readonly isMissed: boolean;
  readonly onChoose: (id: ModelId) => void;
  readonly toModels: () => void;
}

/** Which of the models that fit is used; where there is none, that they are found under Models. */
export function FittingModel({ label, help, chosen, fitting, texts, isMissed, onChoose, toModels }: Props) {
  const isKnown = useModels(({ installed }) => installed !== null);
  const ids = fitting.map(({ id }) => id);
  const all = chosen === null || ids.includes(chosen) ? ids : [chosen, ...ids];
  const options = Object.fromEntries(all.map((id) => [id, modelLabel(id)]));
  if (isKnown && all.length === 0)
    return (
      <p className={isMissed ? styles.fault : styles.hint}>
        {texts.noneHere}{' '}
        <button type="button" onClick={toModels}>
          {texts.toModels}
        </button>
      </p>
    );
  return (
    <Select<ModelId>
      label={label}
      help={help}
      value={chosen ?? ''}
      options={chosen === null ? { '': texts.none, ...options } : options}
      onChange={(id) => id !== '' && onChoose(id)}
    />
  );
}

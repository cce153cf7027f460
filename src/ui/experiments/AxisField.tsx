import { useId, useState } from 'react';
import { BUNDLED } from '../../catalog/models.ts';
import { AXIS_KINDS, type AxisKind, needsPicture, settingOfAxis } from '../../experiments/axes.ts';
import { settingOf } from '../../protocol/settings.ts';
import { picturePromptsOf } from '../../state/form/picture-prompts-store.ts';
import { type FilledDraft, freshDraft, isChosen, readDraft } from '../../state/jobs/axis-draft.ts';
import {
  useControls,
  useExperiments,
  useInitImage,
  useModels,
  usePicturePrompts,
} from '../page/stores-context.ts';
import { axisLabel, axisValueText, draftFaultText, understoodText } from '../texts/axis-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { FieldLabel } from '../widgets/FieldLabel.tsx';
import styles from './ExperimentsScreen.module.css';
import { useDrafts } from './use-usual.ts';

/** One axis: the setting that changes, its values, typed or ticked, and how they were understood. */
export function AxisField({ axis }: { readonly axis: 0 | 1 }) {
  const texts = useTexts();
  const { columns, rows, noAxis, choices } = texts.experiments;
  const { label, values } = axis === 0 ? columns : rows;
  const id = useId();
  const draft = useDrafts()[axis];
  const setDraft = useExperiments((experiments) => experiments.setDraft);
  const hasImage = useInitImage(({ file }) => file !== null);
  const { kind } = draft;
  const hasLayers = useControls(({ layers }) => layers.some(({ isOn }) => isOn));
  const hasPrompts = usePicturePrompts(({ prompts }) => picturePromptsOf(prompts).length > 0);
  const isOffered = (one: AxisKind) => {
    if (one === 'controlScale') return hasLayers;
    return one === 'picturePromptScale' ? hasPrompts : !needsPicture(one) || hasImage;
  };
  const kinds = AXIS_KINDS.filter((one) => isOffered(one) || one === kind);
  return (
    <fieldset className={styles.axis}>
      <legend className="unseen">{label}</legend>
      <FieldLabel htmlFor={`${id}-kind`} label={label} help="axis" />
      <select
        id={`${id}-kind`}
        value={kind}
        onChange={(event) => setDraft(axis, freshDraft(event.target.value as AxisKind | ''))}
      >
        {axis === 1 && <option value="">{noAxis}</option>}
        {kinds.map((one) => (
          <option key={one} value={one}>
            {axisLabel(texts, one)}
          </option>
        ))}
      </select>
      {isChosen(kind) && (
        <Ticks
          key={kind}
          draft={draft}
          name={choices(label, axisLabel(texts, kind))}
          onChange={(chosen) => setDraft(axis, { ...draft, chosen })}
        />
      )}
      {kind !== '' && !isChosen(kind) && (
        <>
          <FieldLabel htmlFor={`${id}-values`} label={values} help="axisValues" />
          <input
            id={`${id}-values`}
            type="text"
            autoComplete="off"
            spellCheck={false}
            value={draft.text}
            aria-invalid={readDraft(draft).values === null}
            aria-describedby={`${id}-read`}
            onChange={(event) => setDraft(axis, { ...draft, text: event.target.value })}
          />
        </>
      )}
      {kind !== '' && <Understood id={`${id}-read`} draft={draft} kind={kind} />}
    </fieldset>
  );
}

/** How the values were understood, or why they were not. */
function Understood({ id, draft, kind }: { id: string; draft: FilledDraft; kind: AxisKind }) {
  const texts = useTexts();
  const { values, fault } = readDraft(draft);
  return (
    <p id={id} className={values ? styles.hint : styles.fault} aria-live="polite">
      {values
        ? understoodText(texts, kind, values)
        : draftFaultText(texts, { kind, text: draft.text }, fault)}
    </p>
  );
}

/** The values of an axis that has a list of them. */
function choicesOf(kind: AxisKind): readonly string[] {
  const name = settingOfAxis(kind);
  const setting = name === null ? undefined : settingOf(name);
  return setting?.kind === 'choice' ? setting.choices.map(String) : [];
}

interface TicksProps {
  readonly draft: FilledDraft;
  readonly name: string;
  readonly onChange: (chosen: readonly string[]) => void;
}

/**
 * Samplers, schedules, or the models on this device, to be ticked; the values come in the order of this list. Those that were ticked when
 * it opened come first: none is ticked out of sight.
 */
function Ticks({ draft: { kind, chosen }, name, onChange }: TicksProps) {
  const texts = useTexts();
  const installed = useModels((models) => models.installed);
  const models = [
    ...Object.keys(BUNDLED),
    ...(installed ?? []).filter(({ complete, type }) => complete && type === 'model').map(({ id }) => id),
  ];
  const [first] = useState(chosen);
  const all = kind === 'model' || kind === '' ? models : choicesOf(kind);
  const ids = [...all.filter((id) => first.includes(id)), ...all.filter((id) => !first.includes(id))];
  return (
    <fieldset className={styles.ticks}>
      <legend className="unseen">{name}</legend>
      {ids.map((id) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            onChange={({ target }) =>
              onChange(ids.filter((one) => (one === id ? target.checked : chosen.includes(one))))
            }
          />
          {axisValueText(texts, kind as AxisKind, id)}
        </label>
      ))}
    </fieldset>
  );
}

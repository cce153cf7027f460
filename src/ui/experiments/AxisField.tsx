import { useId } from 'react';
import { BUNDLED } from '../../catalog/models.ts';
import { SCHEDULERS, type SchedulerId } from '../../catalog/schedulers.ts';
import { AXES, type AxisKind, type AxisValue, valueText } from '../../experiments/axes.ts';
import { type AxisDraft, isChosen, readDraft, usualDraft } from '../../state/axis-draft.ts';
import { NUMBER_RULES, rangeText } from '../../state/fields.ts';
import { useExperiments, useInitImage, useModels } from '../stores-context.ts';
import styles from './ExperimentsScreen.module.css';
import { useFormRequest } from './form-request.ts';

interface Props {
  readonly axis: 0 | 1;
  readonly name: 'Columns' | 'Rows';
}

/** What one axis changes and its values, typed or ticked, and what they were understood as. */
export function AxisField({ axis, name }: Props) {
  const id = useId();
  const draft = useExperiments(({ drafts }) => drafts[axis]);
  const setDraft = useExperiments((experiments) => experiments.setDraft);
  const base = useFormRequest();
  const hasImage = useInitImage(({ file }) => file !== null);
  const { kind } = draft;
  const kinds = (Object.keys(AXES) as AxisKind[]).filter(
    (one) => one !== 'strength' || hasImage || one === kind,
  );
  return (
    <fieldset className={styles.axis}>
      <legend className="unseen">{name}</legend>
      <label htmlFor={`${id}-kind`}>{name}</label>
      <select
        id={`${id}-kind`}
        value={kind}
        onChange={(event) => setDraft(axis, usualDraft(event.target.value as AxisKind | '', base))}
      >
        {axis === 1 && <option value="">None</option>}
        {kinds.map((one) => (
          <option key={one} value={one}>
            {AXES[one]}
          </option>
        ))}
      </select>
      {isChosen(kind) && (
        <Ticks
          draft={draft}
          name={`${name}: ${AXES[kind as AxisKind]}`}
          onChange={(chosen) => setDraft(axis, { ...draft, chosen })}
        />
      )}
      {kind !== '' && !isChosen(kind) && (
        <>
          <label htmlFor={`${id}-values`}>{name} values</label>
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

/** What the values were read as, or why they cannot be. */
function Understood({ id, draft, kind }: { id: string; draft: AxisDraft; kind: AxisKind }) {
  const { values, fault } = readDraft(draft);
  return (
    <p id={id} className={values ? styles.hint : styles.fault} aria-live="polite">
      {values ? understoodText(kind, values) : draft.text.trim() === '' ? howToType(kind) : fault}
    </p>
  );
}

const SHOWN_VALUES = 30;

function understoodText(kind: AxisKind, values: readonly AxisValue[]): string {
  const texts = values.map((value) => valueText(kind, value));
  if (kind === 'prompt' && values.length === 1) return `“${texts[0]}” stays: ${howToType(kind)}`;
  const list = texts.slice(0, SHOWN_VALUES).join(kind === 'prompt' ? ' / ' : ', ');
  const more = texts.length > SHOWN_VALUES ? ', …' : '';
  return `${values.length === 1 ? 'One value' : `${values.length} values`}: ${list}${more}`;
}

/** How values are written. */
function howToType(kind: AxisKind): string {
  if (kind === 'prompt') return 'the words to search for, then, after commas, what to put in their place.';
  if (kind === 'size') return 'Sizes such as 512x512, 512x768.';
  if (kind === 'sampler' || kind === 'model') return 'Tick one or more.';
  const { label } = NUMBER_RULES[kind];
  return `${label}: ${rangeText(kind)}. 1, 3, 5 · 1-9 · 1-9 (+2) · 0-1 [5] for five values.`;
}

interface TicksProps {
  readonly draft: AxisDraft;
  readonly name: string;
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Samplers, or the models that can paint here; they come in the order of this list. */
function Ticks({ draft: { kind, chosen }, name, onChange }: TicksProps) {
  const installed = useModels((models) => models.installed);
  const models = [
    ...Object.keys(BUNDLED),
    ...(installed ?? []).filter(({ complete, type }) => complete && type === 'model').map(({ id }) => id),
  ];
  const ids = kind === 'sampler' ? (Object.keys(SCHEDULERS) as SchedulerId[]) : models;
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
          {valueText(kind as AxisKind, id)}
        </label>
      ))}
    </fieldset>
  );
}

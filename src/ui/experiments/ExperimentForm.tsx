import { type FormEvent, useState } from 'react';
import { SCHEDULERS } from '../../catalog/schedulers.ts';
import { type Axes, type Axis, axesFault, cellRequests, countCells } from '../../experiments/axes.ts';
import { type AxisDraft, NO_AXIS, nineValues, readDraft } from '../../state/axis-draft.ts';
import { beginExperiment } from '../../state/begin-experiment.ts';
import { useExperiments, useInitImage, useModelCard, useSettings, useStores } from '../stores-context.ts';
import { AxisField } from './AxisField.tsx';
import styles from './ExperimentsScreen.module.css';
import { useFormRequest, useTimeText } from './form-request.ts';

/** What changes, and over which values; all else is as the form on the other screen has it. */
export function ExperimentForm() {
  const stores = useStores();
  const [columns, rows] = useExperiments((experiments) => experiments.drafts);
  const isIdle = useExperiments(({ phase }) => phase === 'idle');
  const [isRefused, setRefused] = useState(false);
  const base = useFormRequest();
  const { axes, fault } = readAxes(columns, rows);
  const misfit = axes && axesFault(base, axes);
  const time = useTimeText(axes && misfit === null ? cellRequests(base, axes) : []);

  const begin = (axesOf: (seed: number) => Axes) => setRefused(!beginExperiment(stores, axesOf));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isIdle && axes && !misfit) begin(() => axes);
  };
  return (
    <form className={styles.form} noValidate onSubmit={submit} aria-label="New experiment">
      <Base />
      <Nines begin={begin} isIdle={isIdle} />
      <div className={styles.axes}>
        <AxisField axis={0} name="Columns" />
        <AxisField axis={1} name="Rows" />
      </div>
      <div className={styles.begin}>
        <button type="submit" className="primary" aria-disabled={!isIdle || !axes || misfit !== null}>
          Start
        </button>
        {misfit ? (
          <p className={styles.fault}>{misfit}</p>
        ) : (
          axes && (
            <p>
              {picturesText(countCells(axes))}
              {time && ` · ${time}`}
            </p>
          )
        )}
        {!axes && fault === null && <p>Choose what the columns change.</p>}
      </div>
      {isRefused && <Refusal />}
    </form>
  );
}

/** What stays the same. */
function Base() {
  const { label } = useModelCard();
  const prompt = useSettings(({ fields }) => fields.prompt.trim());
  const { sampler, steps, guidance, width, height, seed } = useSettings(({ fields }) => fields);
  return (
    <div>
      <h2>New experiment</h2>
      <p className={styles.prompt}>{prompt === '' ? 'No prompt' : prompt}</p>
      <p className={styles.hint}>
        {label} · {width} × {height} · {steps} steps · guidance {guidance} · {SCHEDULERS[sampler].label} ·
        seed {seed}. What changes is chosen here; all else is as it stands under Create.
      </p>
    </div>
  );
}

interface NinesProps {
  readonly begin: (axesOf: (seed: number) => Axes) => void;
  readonly isIdle: boolean;
}

/** The experiments that are made most often, in one click. */
function Nines({ begin, isIdle }: NinesProps) {
  const setDraft = useExperiments((experiments) => experiments.setDraft);
  const hasImage = useInitImage(({ file }) => file !== null);
  const button = (kind: 'guidance' | 'seed' | 'strength', text: string) => (
    <button
      type="button"
      aria-disabled={!isIdle}
      onClick={() => {
        if (!isIdle) return;
        begin((seed) => {
          const axis = nineValues(kind, seed);
          setDraft(0, { kind, text: axis.values.join(', '), chosen: [] });
          setDraft(1, NO_AXIS);
          return [axis];
        });
      }}
    >
      {text}
    </button>
  );
  return (
    <div className={styles.actions}>
      {button('guidance', 'Nine guidance values')}
      {button('seed', 'Nine seeds')}
      {hasImage && button('strength', 'Nine strengths')}
    </div>
  );
}

/** The fields of the other screen that hold what they do not accept. */
function Refusal() {
  const notes = useSettings((settings) => settings.notes);
  const faults = Object.values(notes).filter(({ kind }) => kind === 'fault');
  if (faults.length === 0) return null;
  return (
    <div role="alert" className={styles.fault}>
      <p>Under Create is something to mend first:</p>
      <ul>
        {faults.map(({ text }) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </div>
  );
}

/** The axes that both drafts mean together; a fault where one of them means none. */
function readAxes(columns: AxisDraft, rows: AxisDraft): { axes: Axes | null; fault: string | null } {
  const drafts = [columns, rows].filter(({ kind }) => kind !== '');
  const read: Axis[] = [];
  for (const draft of drafts) {
    const { values, fault } = readDraft(draft);
    if (values === null) return { axes: null, fault };
    read.push({ kind: draft.kind as Axis['kind'], values });
  }
  return { axes: columns.kind === '' ? null : (read as unknown as Axes), fault: null };
}

const picturesText = (count: number) => (count === 1 ? 'One picture' : `${count} pictures`);

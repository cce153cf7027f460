import { type FormEvent, useState } from 'react';
import { SCHEDULERS } from '../../catalog/schedulers.ts';
import { type Axes, type Axis, axesFault, cellRequests, countCells } from '../../experiments/axes.ts';
import { NUMBER_NAMES } from '../../protocol/settings.ts';
import { beginExperiment } from '../../state/actions/begin-experiment.ts';
import { type AxisDraft, NO_AXIS, nineValues, readDraft } from '../../state/jobs/axis-draft.ts';
import { useExperiments, useInitImage, useModelCard, useSettings, useStores } from '../stores-context.ts';
import { axesFaultText } from '../texts/axis-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { noteText } from '../widgets/NumberInput.tsx';
import { AxisField } from './AxisField.tsx';
import styles from './ExperimentsScreen.module.css';
import { useFormRequest, useTime } from './form-request.ts';

/** What changes, and over which values; all else is as the form on the other screen has it. */
export function ExperimentForm() {
  const texts = useTexts();
  const words = texts.experiments;
  const stores = useStores();
  const [columns, rows] = useExperiments((experiments) => experiments.drafts);
  const isIdle = useExperiments(({ phase }) => phase === 'idle');
  const [isRefused, setRefused] = useState(false);
  const base = useFormRequest();
  const { axes, isRead } = readAxes(columns, rows);
  const misfit = axes && axesFault(base, axes);
  const time = useTime(axes && misfit === null ? cellRequests(base, axes) : []);

  const begin = (axesOf: (seed: number) => Axes) => setRefused(!beginExperiment(stores, axesOf));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isIdle && axes && !misfit) begin(() => axes);
  };
  return (
    <form className={styles.form} noValidate onSubmit={submit} aria-label={words.heading}>
      <Base />
      <Nines begin={begin} isIdle={isIdle} />
      <div className={styles.axes}>
        <AxisField axis={0} />
        <AxisField axis={1} />
      </div>
      <div className={styles.begin}>
        <button type="submit" className="primary" aria-disabled={!isIdle || !axes || misfit !== null}>
          {words.start}
        </button>
        {misfit ? (
          <p className={styles.fault}>{axesFaultText(texts, misfit)}</p>
        ) : (
          axes && (
            <p>
              {words.pictures(countCells(axes))}
              {time && ` · ${words.about(time)}`}
            </p>
          )
        )}
        {!axes && isRead && <p>{words.chooseColumns}</p>}
      </div>
      {isRefused && <Refusal />}
    </form>
  );
}

/** What stays the same. */
function Base() {
  const texts = useTexts().experiments;
  const { label: model } = useModelCard();
  const fields = useSettings((settings) => settings.fields);
  const prompt = fields.prompt.trim();
  return (
    <div>
      <h2>{texts.heading}</h2>
      <p className={styles.prompt}>{prompt === '' ? texts.noPrompt : prompt}</p>
      <p className={styles.hint}>
        {texts.base({ ...fields, model, scheduler: SCHEDULERS[fields.scheduler].label })}
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
  const { nine } = useTexts().experiments;
  const setDraft = useExperiments((experiments) => experiments.setDraft);
  const hasImage = useInitImage(({ file }) => file !== null);
  const button = (kind: keyof typeof nine) => (
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
      {nine[kind]}
    </button>
  );
  return (
    <div className={styles.actions}>
      {button('guidanceScale')}
      {button('seed')}
      {hasImage && button('strength')}
    </div>
  );
}

/** The fields of the other screen that hold what they do not accept. */
function Refusal() {
  const { experiments, fields } = useTexts();
  const notes = useSettings((settings) => settings.notes);
  const faults = NUMBER_NAMES.filter((field) => notes[field]?.kind === 'fault');
  if (faults.length === 0) return null;
  return (
    <div role="alert" className={styles.fault}>
      <p>{experiments.toMend}</p>
      <ul>
        {faults.map((field) => (
          <li key={field}>{noteText(fields, field, { kind: 'fault' })}</li>
        ))}
      </ul>
    </div>
  );
}

/** The axes that both drafts mean together; `isRead` unless what one of them holds means none. */
function readAxes(columns: AxisDraft, rows: AxisDraft): { axes: Axes | null; isRead: boolean } {
  const drafts = [columns, rows].filter(({ kind }) => kind !== '');
  const read: Axis[] = [];
  for (const draft of drafts) {
    const { values } = readDraft(draft);
    if (values === null) return { axes: null, isRead: false };
    read.push({ kind: draft.kind as Axis['kind'], values });
  }
  return { axes: columns.kind === '' ? null : (read as unknown as Axes), isRead: true };
}

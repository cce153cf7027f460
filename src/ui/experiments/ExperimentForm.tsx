import { type FormEvent, useState } from 'react';
import { SCHEDULERS } from '../../catalog/schedulers.ts';
import { type Axes, type Axis, axesFault, cellRequests, countCells } from '../../experiments/axes.ts';
import { beginExperiment } from '../../state/actions/begin-experiment.ts';
import { type FilledDraft, readDraft } from '../../state/jobs/axis-draft.ts';
import { useExperiments, useModelCard, useSettings, useStores } from '../page/stores-context.ts';
import { axesFaultText } from '../texts/axis-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { AxisField } from './AxisField.tsx';
import styles from './ExperimentsScreen.module.css';
import { FormFaults } from './FormFaults.tsx';
import { QuickExperiments } from './QuickExperiments.tsx';
import { useFormRequest, useTime } from './use-form-request.ts';
import { useDrafts } from './use-usual.ts';

/** Which settings change, and over which values; everything else is taken from the form of the Create screen. */
export function ExperimentForm() {
  const texts = useTexts();
  const words = texts.experiments;
  const stores = useStores();
  const [columns, rows] = useDrafts();
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
      <QuickExperiments begin={begin} isIdle={isIdle} />
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
      {isRefused && <FormFaults />}
    </form>
  );
}

/** The settings that stay the same. */
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

/** The axes of both drafts. `isRead` says whether both could be read; without columns there are no axes all the same. */
function readAxes(columns: FilledDraft, rows: FilledDraft): { axes: Axes | null; isRead: boolean } {
  const drafts = [columns, rows].filter(({ kind }) => kind !== '');
  const read: Axis[] = [];
  for (const draft of drafts) {
    const { values } = readDraft(draft);
    if (values === null) return { axes: null, isRead: false };
    read.push({ kind: draft.kind as Axis['kind'], values });
  }
  return { axes: columns.kind === '' ? null : (read as unknown as Axes), isRead: true };
}

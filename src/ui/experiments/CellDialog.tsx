import { type CSSProperties, type KeyboardEvent, useEffect, useRef } from 'react';
import { modelLabel } from '../../catalog/models.ts';
import { SCHEDULERS } from '../../catalog/schedulers.ts';
import { cellRequest } from '../../experiments/axes.ts';
import { readSettingsJson, settingsJson } from '../../metadata/safelight.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import { restoreSettings } from '../../state/actions/restore-picture.ts';
import type { Experiment } from '../../state/jobs/experiments.ts';
import { saveUrl } from '../save-file.ts';
import { useStores } from '../stores-context.ts';
import { cellLabel } from '../texts/axis-text.ts';
import type { Texts } from '../texts/en.ts';
import { secondsText } from '../texts/progress-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { Icon } from '../widgets/Icon.tsx';
import styles from './Dialog.module.css';
import { cellFileName } from './file-names.ts';

interface Props {
  readonly experiment: Experiment;
  readonly cell: number;
  /** Another cell, or null to close. */
  readonly onTurn: (cell: number | null) => void;
  /** Absent where there is nothing to compare with. */
  readonly onCompare: ((cell: number) => void) | null;
  readonly onUse: () => void;
}

/** One picture of the grid, large, with its own settings. Arrow keys turn to its neighbours, Esc closes. */
export function CellDialog({ experiment, cell, onTurn, onCompare, onUse }: Props) {
  const texts = useTexts();
  const words = texts.experiments;
  const stores = useStores();
  const dialog = useRef<HTMLDialogElement>(null);
  const { axes, base, cells } = experiment;
  const shown = cells[cell];
  useEffect(() => dialog.current?.showModal(), []);
  if (shown?.state !== 'done') return null;

  const request = cellRequest(base, axes, cell);
  const label = cellLabel(texts, axes, cell);
  const onKeyDown = ({ key }: KeyboardEvent) => {
    const done = cells.flatMap(({ state }, i) => (state === 'done' ? [i] : []));
    const at = done.indexOf(cell) + (key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0);
    const next = done[at];
    if (next !== undefined && next !== cell) onTurn(next);
  };
  const use = async () => {
    const made = readSettingsJson(settingsJson(request, request.seed));
    if (made) await restoreSettings(stores, made, request.image);
    onUse();
  };
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      style={{ '--ratio': request.width / request.height } as CSSProperties}
      aria-label={label}
      onClose={() => onTurn(null)}
      onKeyDown={onKeyDown}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <img
        className={styles.picture}
        src={shown.url}
        alt={request.prompt.trim() === '' ? label : request.prompt}
      />
      <div className={styles.bar}>
        <h2>{label}</h2>
        <span className={styles.actions}>
          <button type="button" onClick={() => void use()}>
            {words.useSettings}
          </button>
          {onCompare && (
            <button
              type="button"
              onClick={() => {
                // Closed first, so that the focus finds its way back to the grid.
                dialog.current?.close();
                onCompare(cell);
              }}
            >
              {words.compare}
            </button>
          )}
          <button
            type="button"
            className="icon-button"
            aria-label={words.download}
            title={words.download}
            onClick={() => saveUrl(shown.url, cellFileName(texts, axes, cell, cells.length))}
          >
            <Icon name="download" />
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label={words.close}
            onClick={() => dialog.current?.close()}
          >
            <Icon name="close" />
          </button>
        </span>
      </div>
      <dl className={styles.facts}>
        {facts(texts, request, shown.seconds).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}

/** The settings of a picture that a person would look for. */
function facts(
  { experiments, progress, fields: { labels } }: Texts,
  request: GenerationRequest,
  seconds: number,
): [name: string, value: string][] {
  const { prompt, negativePrompt, image, clipSkip, eta, guidanceRescale } = request;
  return [
    ...(prompt === '' ? [] : [[labels.prompt, prompt] as [string, string]]),
    ...(negativePrompt === '' ? [] : [[labels.negativePrompt, negativePrompt] as [string, string]]),
    [labels.model, modelLabel(request.model)],
    [labels.scheduler, SCHEDULERS[request.scheduler].label],
    [labels.numInferenceSteps, String(request.numInferenceSteps)],
    [labels.guidanceScale, String(request.guidanceScale)],
    [labels.seed, String(request.seed)],
    [experiments.axes.size, `${request.width} × ${request.height}`],
    ...unlessZero(labels.strength, image?.strength ?? 0),
    ...unlessZero(labels.clipSkip, clipSkip),
    ...unlessZero(labels.eta, eta),
    ...unlessZero(labels.guidanceRescale, guidanceRescale),
    [experiments.time, secondsText(progress, seconds)],
  ];
}

/** A fact, unless it is 0: then the setting has no effect. */
const unlessZero = (name: string, value: number): [string, string][] =>
  value === 0 ? [] : [[name, String(value)]];

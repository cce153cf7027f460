import { type CSSProperties, type KeyboardEvent, useEffect, useRef } from 'react';
import { modelLabel } from '../../catalog/models.ts';
import { SCHEDULERS } from '../../catalog/schedulers.ts';
import { cellLabel, cellRequest } from '../../experiments/axes.ts';
import { cellFileName } from '../../experiments/file-names.ts';
import { readSettingsJson, settingsJson } from '../../metadata/safelight.ts';
import type { GenerationRequest } from '../../protocol/calls.ts';
import type { Experiment } from '../../state/experiments.ts';
import { restoreSettings } from '../../state/restore-picture.ts';
import { secondsText } from '../create/progress-text.ts';
import { saveUrl } from '../save-file.ts';
import { useStores } from '../stores-context.ts';
import { Icon } from '../widgets/Icon.tsx';
import styles from './Dialog.module.css';

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
  const stores = useStores();
  const dialog = useRef<HTMLDialogElement>(null);
  const { axes, base, cells } = experiment;
  const shown = cells[cell];
  useEffect(() => dialog.current?.showModal(), []);
  if (shown?.state !== 'done') return null;

  const request = cellRequest(base, axes, cell);
  const label = cellLabel(axes, cell);
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
            Use these settings
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
              Compare
            </button>
          )}
          <button
            type="button"
            className="icon-button"
            aria-label="Download"
            title="Download"
            onClick={() => saveUrl(shown.url, cellFileName(axes, cell, cells.length))}
          >
            <Icon name="download" />
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label="Close"
            onClick={() => dialog.current?.close()}
          >
            <Icon name="close" />
          </button>
        </span>
      </div>
      <dl className={styles.facts}>
        {facts(request, shown.seconds).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}

/** What made a picture, as far as a person looks for it. */
function facts(request: GenerationRequest, seconds: number): [name: string, value: string][] {
  const { prompt, negativePrompt, image, clipSkip, eta, guidanceRescale } = request;
  return [
    ...(prompt === '' ? [] : [['Prompt', prompt] as [string, string]]),
    ...(negativePrompt === '' ? [] : [['Negative prompt', negativePrompt] as [string, string]]),
    ['Model', modelLabel(request.model)],
    ['Sampler', SCHEDULERS[request.scheduler].label],
    ['Steps', String(request.numInferenceSteps)],
    ['Guidance scale', String(request.guidanceScale)],
    ['Seed', String(request.seed)],
    ['Size', `${request.width} × ${request.height}`],
    ...told('Strength', image?.strength ?? 0),
    ...told('Clip skip', clipSkip),
    ...told('Eta', eta),
    ...told('Guidance rescale', guidanceRescale),
    ['Time', secondsText(seconds)],
  ];
}

/** What is as it would be anyway goes unsaid. */
const told = (name: string, value: number): [string, string][] =>
  value === 0 ? [] : [[name, String(value)]];

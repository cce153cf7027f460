import { type CSSProperties, type KeyboardEvent, useEffect, useRef } from 'react';
import { modelLabel } from '../../catalog/models.ts';
import { SCHEDULERS } from '../../catalog/schedulers.ts';
import { cellRequest } from '../../experiments/axes.ts';
import { readSettingsJson, settingsJson } from '../../metadata/safelight.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import { restoreSettings } from '../../state/actions/restore-picture.ts';
import type { Experiment } from '../../state/jobs/experiment.ts';
import { saveUrl } from '../page/save-file.ts';
import { useStores } from '../page/stores-context.ts';
import { cellLabel } from '../texts/axis-text.ts';
import type { Texts } from '../texts/en.ts';
import { secondsText } from '../texts/progress-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { IconButton } from '../widgets/IconButton.tsx';
import styles from './Dialog.module.css';
import { cellFileName } from './experiment-file-names.ts';

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
          <IconButton
            icon="download"
            label={words.download}
            hasTooltip
            onClick={() => saveUrl(shown.url, cellFileName(texts, axes, cell, cells.length))}
          />
          <IconButton icon="close" label={words.close} onClick={() => dialog.current?.close()} />
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

/** What made a picture, as far as a person looks for it. */
function facts(
  { experiments, progress, fields: { labels } }: Texts,
  request: GenerationRequest,
  seconds: number,
): [name: string, value: string][] {
  const { prompt, negativePrompt, image, clipSkip, eta, guidanceRescale } = request;
  return [
    ...(prompt === '' ? [] : [[labels.prompt, prompt] as [string, string]]),
    ...(negativePrompt === '' ? [] : [[labels.negative, negativePrompt] as [string, string]]),
    [labels.model, modelLabel(request.model)],
    [labels.sampler, SCHEDULERS[request.scheduler].label],
    [labels.steps, String(request.numInferenceSteps)],
    [labels.guidance, String(request.guidanceScale)],
    [labels.seed, String(request.seed)],
    [experiments.axes.size, `${request.width} × ${request.height}`],
    ...unlessDefault(labels.strength, image?.strength ?? 0),
    ...unlessDefault(labels.clipSkip, clipSkip),
    ...unlessDefault(labels.eta, eta),
    ...unlessDefault(labels.rescale, guidanceRescale),
    [experiments.time, secondsText(progress, seconds)],
  ];
}

/** What is as it would be anyway goes unsaid. */
const unlessDefault = (name: string, value: number): [string, string][] =>
  value === 0 ? [] : [[name, String(value)]];

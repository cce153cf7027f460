import { modelLabel } from '../../catalog/models.ts';
import { SCHEDULERS } from '../../catalog/schedulers.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import type { Texts } from '../texts/en.ts';
import { secondsText } from '../texts/progress-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './Dialog.module.css';

interface Props {
  readonly request: GenerationRequest;
  readonly seconds: number;
}

/** The settings of a cell that people look for, and how long its picture took. */
export function CellFacts({ request, seconds }: Props) {
  const texts = useTexts();
  return (
    <dl className={styles.facts}>
      {facts(texts, request, seconds).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

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
    ...unlessDefault(labels.strength, image?.strength ?? 0),
    ...unlessDefault(labels.clipSkip, clipSkip),
    ...unlessDefault(labels.eta, eta),
    ...unlessDefault(labels.guidanceRescale, guidanceRescale),
    [experiments.time, secondsText(progress, seconds)],
  ];
}

/** The default, which is 0 for these settings, is left out. */
const unlessDefault = (name: string, value: number): [string, string][] =>
  value === 0 ? [] : [[name, String(value)]];

import { useMemo } from 'react';
import { type Axes, cellRequest, countCells } from '../../experiments/axes.ts';
import { secondsFor, type Timing } from '../../experiments/time-left.ts';
import { type GenerationRequest, UNTOLD } from '../../protocol/calls.ts';
import type { Experiment } from '../../state/experiments.ts';
import { toRequest } from '../../state/fields.ts';
import type { Run } from '../../state/generation.ts';
import { secondsText } from '../create/progress-text.ts';
import { useExperiments, useGeneration, useInitImage, useSettings } from '../stores-context.ts';

/** What the form asks for as it stands; a field that holds no number yet is NaN. */
export function useFormRequest(): GenerationRequest {
  const fields = useSettings((settings) => settings.fields);
  const file = useInitImage((image) => image.file);
  return useMemo(() => {
    const { fit, strength } = fields;
    return {
      ...UNTOLD,
      ...toRequest(fields),
      image: file && { file, fit, strength: Number(strength), mask: null },
    };
  }, [fields, file]);
}

/** About how long these axes take, from the last run and the experiment shown; null where nothing is known. */
export function useSecondsFor(base: GenerationRequest, axes: Axes | null): number | null {
  const run = useGeneration((generation) => generation.run);
  const experiment = useExperiments(({ current }) => current);
  if (!axes) return null;
  const requests = Array.from({ length: countCells(axes) }, (_, cell) => cellRequest(base, axes, cell));
  const timed = [...timingsOf(experiment), ...timingOfRun(run)].filter(
    ({ request }) => request.model === base.model,
  );
  const seconds = secondsFor(requests, timed);
  return seconds !== null && Number.isFinite(seconds) ? seconds : null;
}

/** The finished pictures of an experiment, and how long each took. */
export function timingsOf(experiment: Experiment | null): Timing[] {
  if (!experiment) return [];
  const { base, axes, cells } = experiment;
  return cells.flatMap((cell, i) =>
    cell.state === 'done' ? [{ request: cellRequest(base, axes, i), seconds: cell.seconds }] : [],
  );
}

const timingOfRun = (run: Run | null): Timing[] =>
  run?.result ? [{ request: run.request, seconds: run.result.seconds / run.request.numImages }] : [];

/** A time that was reckoned, in whole seconds. */
export const aboutTime = (seconds: number) =>
  seconds < 10 ? `${Math.max(1, Math.round(seconds))} s` : secondsText(seconds);

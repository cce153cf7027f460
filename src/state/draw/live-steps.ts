import { type FewSteps, fewStepsOf } from '../../catalog/fast.ts';
import { bundledModel, type GenerationDefaults, type ModelId, modelLabel } from '../../catalog/models.ts';
import type { ModelKind } from '../../catalog/schedulers.ts';

/** Trinket: 4 steps at guidance 2 name as much as 20 at 2.5 (docs/trinket.md). */
const BUNDLED_STEPS = 4;
const BUNDLED_GUIDANCE = 2;
/** As many steps as a person may ask for and still see the picture follow the pen. */
const MOST_STEPS = 12;
/** The kinds of models that are distilled to few steps. */
const DISTILLED: readonly ModelKind[] = ['turbo', 'lcm', 'tcd'];

/** What decides how a drawing is painted. */
export interface LiveModel {
  readonly id: ModelId;
  readonly kind: ModelKind;
  readonly defaults: GenerationDefaults;
  /** The names of the LoRAs that the prompt calls. */
  readonly loras: readonly string[];
  /** What the form is set to. */
  readonly form: FewSteps;
}

/**
 * The settings that paint a drawing in a few steps; null where the model needs many.
 * @param strength 0 … 1, how much of the run is left for the drawing
 */
export function liveSteps({ id, kind, defaults, loras, form }: LiveModel, strength: number): FewSteps | null {
  if (bundledModel(id)) {
    // It may be asked at any noise level: the run is begun so that these steps are left of it.
    const numInferenceSteps = Math.ceil(BUNDLED_STEPS / strength);
    return { numInferenceSteps, guidanceScale: BUNDLED_GUIDANCE, scheduler: defaults.scheduler, eta: 0 };
  }
  const known = [...loras, ...(kind === 'diffusion' ? [modelLabel(id)] : [])]
    .map(fewStepsOf)
    .find((settings) => settings !== undefined);
  if (known) return leavingOne(known, strength);
  if (DISTILLED.includes(kind)) {
    const { numInferenceSteps, guidanceScale, scheduler } = defaults;
    return leavingOne({ numInferenceSteps, guidanceScale, scheduler, eta: 0 }, strength);
  }
  return form.numInferenceSteps <= MOST_STEPS ? leavingOne(form, strength) : null;
}

/** Enough steps that one is left: these weights are asked at the noise levels that they were made for. */
const leavingOne = (settings: FewSteps, strength: number): FewSteps => ({
  ...settings,
  numInferenceSteps: Math.max(settings.numInferenceSteps, Math.ceil(1 / strength)),
});

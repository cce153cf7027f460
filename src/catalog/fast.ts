import type { ModelId } from './models.ts';
import type { SchedulerId } from './schedulers.ts';

/** The settings that few-step weights need: all of them together, or the picture is noise. */
export interface FewSteps {
  readonly numInferenceSteps: number;
  readonly guidanceScale: number;
  readonly scheduler: SchedulerId;
  readonly eta: number;
}

const FAST_IDS = ['fast-8', 'fast-4', 'turbo', 'dmd2'] as const;
export type FastId = (typeof FAST_IDS)[number];

/** A LoRA on the Hub that lets any model of a family paint in a few steps. */
export interface FastLora {
  readonly id: FastId;
  /** `owner/name/file.safetensors`; its licence and size are asked of the Hub before it is fetched. */
  readonly lora: ModelId;
  readonly settings: FewSteps;
  /** Its licence, where that forbids commercial use: said before anything is asked of the Hub. */
  readonly nonCommercial?: string;
}

const trailing = (numInferenceSteps: number, scheduler: SchedulerId): FewSteps => {
  return { numInferenceSteps, guidanceScale: 0, scheduler, eta: 0 };
};
const LCM: FewSteps = { numInferenceSteps: 8, guidanceScale: 1.5, scheduler: 'lcm', eta: 0 };
/** Hyper-SD's LoRA for one step. */
const ONE_STEP: FewSteps = { numInferenceSteps: 1, guidanceScale: 0, scheduler: 'tcd', eta: 1 };
const DMD2 = trailing(4, 'lcm-trailing');

/** By the latents of the family; each LoRA with the settings of its model card. */
export const FAST: Readonly<Record<'sd1' | 'sdxl', readonly FastLora[]>> = {
  sd1: [
    {
      id: 'fast-8',
      lora: 'latent-consistency/lcm-lora-sdv1-5/pytorch_lora_weights.safetensors',
      settings: LCM,
    },
    {
      id: 'fast-4',
      lora: 'ByteDance/Hyper-SD/Hyper-SD15-4steps-lora.safetensors',
      settings: trailing(4, 'ddim-trailing'),
    },
    { id: 'turbo', lora: 'ByteDance/Hyper-SD/Hyper-SD15-1step-lora.safetensors', settings: ONE_STEP },
  ],
  sdxl: [
    {
      id: 'fast-8',
      lora: 'ByteDance/SDXL-Lightning/sdxl_lightning_8step_lora.safetensors',
      settings: trailing(8, 'euler-trailing'),
    },
    {
      id: 'fast-4',
      lora: 'ByteDance/SDXL-Lightning/sdxl_lightning_4step_lora.safetensors',
      settings: trailing(4, 'euler-trailing'),
    },
    { id: 'turbo', lora: 'ByteDance/Hyper-SD/Hyper-SDXL-1step-lora.safetensors', settings: ONE_STEP },
    {
      id: 'dmd2',
      lora: 'tianweiy/DMD2/dmd2_sdxl_4step_lora_fp16.safetensors',
      settings: DMD2,
      nonCommercial: 'CC BY-NC 4.0',
    },
  ],
};

/** The settings that a model or a LoRA was distilled for, as far as its name says that it was; undefined for any other. */
export function fewStepsOf(name: string): FewSteps | undefined {
  const said = /(\d+)[ _-]?steps?/i.exec(name)?.[1];
  const steps = said === undefined ? undefined : Number(said);
  if (steps !== undefined && (steps < 1 || steps > 16)) return undefined;
  // In one step both ask for what no setting says: DMD2 for timestep 399, Lightning for a prediction of the sample.
  if (steps === 1 && /dmd-?2|lightning/i.test(name)) return undefined;
  if (/dmd-?2/i.test(name)) return { ...DMD2, numInferenceSteps: steps ?? DMD2.numInferenceSteps };
  if (/lightning/i.test(name)) return trailing(steps ?? 4, 'euler-trailing');
  if (/hyper-?_?sd/i.test(name)) {
    // Those with CFG in their names are distilled to keep guidance, and the negative prompt.
    const guidanceScale = /(^|[^a-z])cfg([^a-z]|$)/i.test(name) ? 5 : 0;
    return steps === 1 ? ONE_STEP : { ...trailing(steps ?? 8, 'ddim-trailing'), guidanceScale };
  }
  if (/(^|[^a-z])lcm([^a-z]|$)/i.test(name))
    return { ...LCM, numInferenceSteps: steps ?? LCM.numInferenceSteps };
  if (/(^|[^a-z])tcd([^a-z]|$)/i.test(name))
    return { numInferenceSteps: steps ?? 4, guidanceScale: 0, scheduler: 'tcd', eta: 0.3 };
  return undefined;
}

import { FAST, type FastLora, type FewSteps, fewStepsOf } from '../../catalog/fast.ts';
import { modelLabel } from '../../catalog/models.ts';
import { type ModelKind, SCHEDULERS } from '../../catalog/schedulers.ts';
import type { InstalledModel } from '../../protocol/models.ts';
import { modelCard } from '../device/model-card.ts';
import {
  type FastChange,
  FEW_STEP_NAMES,
  type FewStepFields,
  fewStepFields,
  fewStepFieldsOf,
} from '../form/fast-store.ts';
import { type Fields, modelFields } from '../form/fields.ts';
import type { Stores } from '../stores.ts';
import { takeOver } from './take-over.ts';

/** A LoRA that a prompt calls. */
const TAG = /\s*<(?:lora|lyco):([^:<>]+)[^<>]*>/gi;
/** SD2 has the latents of SD1 and other weights. */
const SD2 = /stable-diffusion-2|(^|[^a-z0-9])sd[-_]?2([-._]?[01])?([^0-9]|$)|(^|[:/])v2-[01]/i;
/** SDXL's latents, and UNets of other shapes than its own: the refiner, and those that were distilled to fewer blocks. */
const OTHER_UNET = /refiner|ssd[-_]?1b|segmind-?vega/i;

/** The LoRAs that a prompt calls. */
export const lorasIn = (prompt: string): string[] => [...prompt.matchAll(TAG)].map(([, name = '']) => name);

/** What makes a model on this device fast: none for one that paints in few steps by itself, or whose UNet these LoRAs are not of. */
export function fastLoras(model: InstalledModel | undefined): readonly FastLora[] {
  const { family, facts, id, fewStepName } = model ?? {};
  if (
    facts?.kind !== 'diffusion' ||
    fewStepName !== undefined ||
    fewStepsOf(id ?? '') ||
    OTHER_UNET.test(id ?? '')
  )
    return [];
  if (family === 'sdxl') return FAST.sdxl;
  return family === 'sd1' && !SD2.test(id ?? '') ? FAST.sd1 : [];
}

/** The one of them that the prompt calls. */
export const fastIn = (prompt: string, choices: readonly FastLora[]): FastLora | undefined =>
  choices.find(({ lora }) => lorasIn(prompt).includes(modelLabel(lora)));

/** Weights in use that are made for few steps, where the form is set otherwise. */
export interface FewStepOffer {
  readonly label: string;
  readonly settings: FewSteps;
}

/**
 * The LoRA, the U-Net that replaces the model's, or else the model that says that it is made for few steps: by its name, or by what
 * its file says of itself (`fewStepName`); null where the form has its settings.
 * @param kind the model's: one that is known to be made for few steps has its own settings
 */
export function fewStepOffer(
  { prompt, model, unet, ...fields }: Fields,
  kind: ModelKind,
  installed: readonly InstalledModel[] | null,
): FewStepOffer | null {
  const ofModel = kind === 'diffusion' ? [modelLabel(model)] : [];
  const denoiser = unet === '' ? ofModel : [modelLabel(unet)];
  for (const label of [...lorasIn(prompt), ...denoiser]) {
    const said = installed?.find(({ id }) => modelLabel(id) === label)?.fewStepName;
    const settings = fewStepsOf(label) ?? fewStepsOf(said ?? '');
    if (!settings) continue;
    // How many steps, and how much guidance, is a person's choice, as long as both are little; weights that keep guidance need some.
    const guidance = Number(fields.guidanceScale);
    const isGuidanceSet = settings.guidanceScale > 2 ? guidance > 1 : guidance <= 2;
    const isSet =
      fields.scheduler === settings.scheduler && isGuidanceSet && Number(fields.numInferenceSteps) <= 16;
    return isSet ? null : { label, settings };
  }
  return null;
}

/** Sets steps, guidance, sampler and eta together, and says so. @param lora the label of the LoRA that the prompt is to call */
export function setFewSteps(stores: Stores, label: string, settings: FewSteps, lora?: string): Promise<void> {
  const { fields } = stores.settings.getState();
  const { change } = stores.fast.getState();
  const on = fastIn(fields.prompt, Object.values(FAST).flat());
  const set = fewStepFields(settings);
  // From one choice to another: what was there before the first one, but for what a person has changed since.
  const before = on && change ? takenBack(fields, change).fields : fewStepFieldsOf(fields);
  return takeOver(
    stores,
    () => {
      if (lora !== undefined) {
        const prompt = on ? without(fields.prompt, modelLabel(on.lora)) : fields.prompt;
        stores.settings.getState().set('prompt', `${prompt.trimEnd()} <lora:${lora}:1>`.trimStart());
      }
      put(stores, set);
      stores.fast.getState().note({ set, before });
    },
    () => ({
      kind: 'fast-on',
      label,
      ...{ steps: settings.numInferenceSteps, guidance: settings.guidanceScale },
      sampler: SCHEDULERS[settings.scheduler].label,
    }),
  );
}

/** Takes the LoRA out of the prompt, and puts back what was set before; what a person has changed since stays, and is named. */
export function setFull(stores: Stores, { lora, settings }: FastLora): Promise<void> {
  const { fields } = stores.settings.getState();
  const { defaults } = modelCard(fields.model, stores.models.getState().installed);
  const set = fewStepFields(settings);
  const noted = stores.fast.getState().change;
  const isNoted = noted !== null && FEW_STEP_NAMES.every((name) => noted.set[name] === set[name]);
  const usual = fewStepFieldsOf({ ...fields, ...modelFields(defaults), eta: '0' });
  const back = takenBack(fields, isNoted ? noted : { set, before: usual });
  return takeOver(
    stores,
    () => {
      stores.settings.getState().set('prompt', without(fields.prompt, modelLabel(lora)));
      put(stores, back.fields);
    },
    () => ({ kind: 'fast-off', kept: back.kept }),
  );
}

/** The form's values with those put back that nobody has changed since. */
function takenBack(
  fields: FewStepFields,
  { set, before }: FastChange,
): { readonly fields: FewStepFields; readonly kept: readonly (keyof FewStepFields)[] } {
  const kept = FEW_STEP_NAMES.filter((name) => fields[name] !== set[name] && fields[name] !== before[name]);
  // A sampler that a person has chosen since keeps what is set for it, though that be what it was.
  const ofSampler: readonly string[] = kept.includes('scheduler') ? ['schedule', 'eta'] : [];
  const isKept = (name: keyof FewStepFields) => kept.includes(name) || ofSampler.includes(name);
  const values = FEW_STEP_NAMES.map((name) => [name, isKept(name) ? fields[name] : before[name]]);
  return { fields: Object.fromEntries(values) as unknown as FewStepFields, kept };
}

function put({ settings }: Stores, values: FewStepFields): void {
  for (const name of FEW_STEP_NAMES) settings.getState().set(name, values[name]);
}

const without = (prompt: string, lora: string): string =>
  prompt.replace(TAG, (tag, name: string) => (name === lora ? '' : tag));

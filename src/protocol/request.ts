import * as v from 'valibot';
import { IP_ADAPTER_PARTS, PREPROCESSORS } from './control.ts';
import { type GenerationRequest, REQUEST_DEFAULTS } from './generation.ts';
import { byHiresKey } from './hires.ts';
import { INIT_IMAGE_DEFAULTS } from './init-image.ts';
import { parseParams } from './parse-params.ts';
import type { Setting } from './setting.ts';
import {
  HIRES_NAMES,
  IMAGE_NAMES,
  LARGEST_SIDE,
  PLAIN_NAMES,
  SETTINGS,
  type SettingName,
  type SettingValues,
  settingOf,
} from './settings.ts';

/** Any name will do here: whether there is such a model turns out when it is opened. */
const modelId = v.pipe(v.string(), v.nonEmpty(), v.maxLength(500));
const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const borderWidth = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LARGEST_SIDE));

/** What a request may hold for a row of the table. */
function schemaOf(setting: Setting): v.GenericSchema {
  switch (setting.kind) {
    case 'text':
      return v.pipe(v.string(), v.maxLength(setting.maxLength));
    case 'model':
      return setting.none === undefined ? modelId : v.nullable(modelId);
    case 'choice': {
      const choice = v.picklist(setting.choices);
      return setting.none === undefined ? choice : v.nullable(choice);
    }
    case 'switch':
      return v.boolean();
    case 'number': {
      const { min, max, step, whole } = setting;
      const limits = [v.minValue<number, number>(min), v.maxValue<number, number>(max)] as const;
      return whole
        ? v.pipe(v.number(), v.integer(), ...limits, v.multipleOf(step))
        : v.pipe(v.number(), ...limits);
    }
  }
}

/** A schema for each of these settings. One that has a default may be absent: an earlier version may not have known it. */
function schemasOf<Name extends SettingName>(
  names: readonly Name[],
): { readonly [K in Name]: v.GenericSchema<SettingValues[K]> } {
  const schemas = names.map((name) => {
    const setting = settingOf(name);
    const schema = schemaOf(setting);
    return [name, setting.default === undefined ? schema : v.optional(schema, setting.default)] as const;
  });
  // TypeScript cannot follow a loop over rows of different types.
  return Object.fromEntries(schemas) as unknown as ReturnType<typeof schemasOf<Name>>;
}

const ofHires = schemasOf(HIRES_NAMES);

/** What the engine accepts as a second pass. */
export const HiresSchema = v.object({
  ...byHiresKey(ofHires),
  upscaler: v.picklist(SETTINGS.hiresUpscaler.choices),
  steps: v.pipe(ofHires.hiresSteps, v.minValue(1)),
});

/** What the engine accepts as the picture to start from. */
export const InitImageSchema = v.object({
  file: v.blob(),
  ...schemasOf(IMAGE_NAMES),
  offset: v.optional(v.object({ x: fraction, y: fraction }), INIT_IMAGE_DEFAULTS.offset),
  border: v.optional(
    v.object({ left: borderWidth, top: borderWidth, right: borderWidth, bottom: borderWidth }),
    INIT_IMAGE_DEFAULTS.border,
  ),
  mask: v.nullable(v.blob()),
});

/** What the engine accepts as a textual inversion. */
export const EmbeddingSchema = v.object({
  token: v.pipe(v.string(), v.nonEmpty(), v.maxLength(200)),
  file: v.blob(),
});

/** What the engine accepts as lists of words. */
export const WildcardsSchema = v.record(
  v.pipe(v.string(), v.nonEmpty(), v.maxLength(200)),
  v.array(v.pipe(v.string(), v.maxLength(SETTINGS.prompt.maxLength))),
);

/** What is taken for what the form held. */
const TemplateSchema = v.object({
  prompt: schemaOf(SETTINGS.prompt) as v.GenericSchema<string>,
  negativePrompt: schemaOf(SETTINGS.negativePrompt) as v.GenericSchema<string>,
  styles: v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(100)),
});

const controlScale = v.pipe(v.number(), v.minValue(0), v.maxValue(2));

/** What a file or a link may say of a ControlNet or T2I-Adapter. */
export const ControlSettingsSchema = v.object({
  model: modelId,
  preprocessor: v.picklist(PREPROCESSORS),
  controlMode: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(20))),
  scale: controlScale,
  start: fraction,
  end: fraction,
  isGuess: v.boolean(),
});

/** What the engine accepts as a ControlNet or T2I-Adapter with its map. */
export const ControlLayerSchema = v.object({ ...ControlSettingsSchema.entries, map: v.blob() });

/** Pictures that a picture prompt can have. */
export const MOST_PICTURES = 16;
const ofPrompt = { adapter: modelId, scale: controlScale, parts: v.picklist(IP_ADAPTER_PARTS) };

/** What a file or a link may say of pictures that an IP-Adapter reads. */
export const PicturePromptSettingsSchema = v.object({
  ...ofPrompt,
  pictureCount: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_PICTURES)),
});

/** What the engine accepts as pictures that an IP-Adapter reads. */
export const PicturePromptSchema = v.object({
  ...ofPrompt,
  pictures: v.pipe(v.array(v.blob()), v.minLength(1), v.maxLength(MOST_PICTURES)),
});

/** Control layers, and picture prompts, that a request can hold. */
export const MOST_STEERING = 8;

/** What the engine accepts as a request, field by field. */
export const RequestSchema = v.object({
  ...schemasOf(PLAIN_NAMES),
  embeddings: v.optional(v.pipe(v.array(EmbeddingSchema), v.maxLength(100)), []),
  wildcards: v.optional(WildcardsSchema, REQUEST_DEFAULTS.wildcards),
  template: v.optional(v.nullable(TemplateSchema), REQUEST_DEFAULTS.template),
  image: v.optional(v.nullable(InitImageSchema), REQUEST_DEFAULTS.image),
  hires: v.optional(v.nullable(HiresSchema), REQUEST_DEFAULTS.hires),
  controls: v.optional(v.pipe(v.array(ControlLayerSchema), v.maxLength(MOST_STEERING)), []),
  picturePrompts: v.optional(v.pipe(v.array(PicturePromptSchema), v.maxLength(MOST_STEERING)), []),
  memoryBytes: v.optional(v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0))), null),
});

/**
 * The one check of a request on its way into the engine: from here on, every value in it is trusted.
 * @throws AppError invalid-request, with the field, what it may hold and what it held
 */
export const parseRequest = (request: unknown): GenerationRequest => parseParams(RequestSchema, request);

import fc from 'fast-check';
import { IP_ADAPTER_PARTS, PREPROCESSORS } from '../control.ts';
import type { GenerationRequest } from '../generation.ts';
import { toHires } from '../hires.ts';
import {
  IMAGE_NAMES,
  PLAIN_NAMES,
  SETTING_NAMES,
  type SettingName,
  type SettingValues,
  settingOf,
} from '../settings.ts';

// For tests: settings and requests of all kinds, made from the table.

const MODELS = ['trinket', 'owner/a-model_1.5', 'a/b/c d.safetensors', 'disk:my, model (2).safetensors'];

/** Any value that a request may hold for a setting. */
function anyValue(name: SettingName): fc.Arbitrary<unknown> {
  const setting = settingOf(name);
  switch (setting.kind) {
    case 'text':
      // A form's line ends are \n. A lone surrogate, which graphemes do not have, has no UTF-8.
      return fc.string({ unit: 'grapheme', maxLength: 200 }).map((text) => text.replaceAll('\r', ''));
    case 'model': {
      const model = fc.constantFrom(...MODELS);
      return setting.none === undefined ? model : fc.option(model);
    }
    case 'choice': {
      const choice = fc.constantFrom(...setting.choices);
      return setting.none === undefined ? choice : fc.option(choice);
    }
    case 'switch':
      return fc.boolean();
    case 'number': {
      const { min, max, step, whole } = setting;
      if (whole) return fc.integer({ min: Math.ceil(min / step), max: max / step }).map((n) => n * step);
      // Not −0, which a text does not tell from 0.
      return fc.double({ min, max, noNaN: true }).map((value) => value + 0);
    }
  }
}

/** A value for every setting. */
export const anyValues = fc.record(
  Object.fromEntries(SETTING_NAMES.map((name) => [name, anyValue(name)])),
) as fc.Arbitrary<SettingValues>;

const pick = <Name extends SettingName>(values: SettingValues, names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, values[name]])) as Pick<SettingValues, Name>;

const fraction = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
const width = fc.integer({ min: 0, max: 64 }).map((n) => n * 8);

const number = (max: number) => fc.double({ min: 0, max, noNaN: true }).map((value) => value + 0);

const anyControl = fc.record({
  model: fc.constantFrom(...MODELS, 'control_v11p_sd15_canny'),
  map: fc.constant(new Blob(['map'])),
  preprocessor: fc.constantFrom(...PREPROCESSORS),
  controlMode: fc.option(fc.integer({ min: 0, max: 20 })),
  scale: number(2),
  start: number(1),
  end: number(1),
  isGuess: fc.boolean(),
});

const anyPicturePrompt = fc.record({
  adapter: fc.constantFrom(...MODELS, 'ip-adapter_sd15'),
  pictures: fc.array(fc.constant(new Blob(['picture'])), { minLength: 1, maxLength: 3 }),
  scale: number(2),
  parts: fc.constantFrom(...IP_ADAPTER_PARTS),
});

/** A request with any settings and any files. */
export const anyRequest: fc.Arbitrary<GenerationRequest> = fc
  .record({
    values: anyValues,
    embeddings: fc.array(
      fc.record({ token: fc.string({ minLength: 1, maxLength: 20 }), file: fc.constant(new Blob()) }),
      { maxLength: 3 },
    ),
    hasImage: fc.boolean(),
    offset: fc.record({ x: fraction, y: fraction }),
    border: fc.record({ left: width, top: width, right: width, bottom: width }),
    mask: fc.option(fc.constant(new Blob(['mask']))),
    memoryBytes: fc.option(fc.nat()),
    controls: fc.array(anyControl, { maxLength: 3 }),
    picturePrompts: fc.array(anyPicturePrompt, { maxLength: 2 }),
    template: fc.option(
      fc.record({
        prompt: fc.string({ unit: 'grapheme', maxLength: 50 }),
        negativePrompt: fc.string({ unit: 'grapheme', maxLength: 50 }),
        styles: fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 3 }),
      }),
    ),
  })
  .map(({ values, hasImage, offset, border, mask, ...others }) => {
    const image = { file: new Blob(['picture']), ...pick(values, IMAGE_NAMES), offset, border, mask };
    return {
      ...pick(values, PLAIN_NAMES),
      ...others,
      wildcards: {},
      image: hasImage ? image : null,
      hires: toHires(values, values.numInferenceSteps),
    };
  });

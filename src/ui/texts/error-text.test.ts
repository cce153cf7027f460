import * as v from 'valibot';
import { expect, test } from 'vitest';
import { AppError, type ErrorCode, fromWire, unsupportedModel } from '../../protocol/errors.ts';
import { parseConfig } from '../../protocol/parse-config.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { errorText } from './error-text.ts';
import { FACTS } from './samples/error-facts.ts';

test('a missing file is named with the server’s answer', () => {
  const error = new AppError('download-failed', 'no', { file: 'unet/config.json', status: 404 });
  expect(errorText(en.errors, 'create', error).sentence).toBe(
    'unet/config.json could not be loaded: the server answered 404.',
  );
});

test('a damaged file is named; what was expected of it is for developers', () => {
  const details = { file: 'vae/x.safetensors', expected: 'a JSON object as header', found: 'something else' };
  const error = new AppError('corrupt-file', 'no', details);
  expect(errorText(en.errors, 'create', error).sentence).toBe('vae/x.safetensors is damaged.');
});

test('without details the sentence is still whole', () => {
  expect(errorText(en.errors, 'create', new AppError('corrupt-file', 'no')).sentence).toBe(
    'A file of the model is damaged.',
  );
  expect(errorText(en.errors, 'create', new AppError('no-webgpu', 'no')).sentence).toBe(
    'This browser does not offer WebGPU to this page.',
  );
});

test('an error that nobody foresaw is quoted', () => {
  const error = new AppError('bug', 'TypeError: x');
  expect(errorText(en.errors, 'create', error).sentence).toContain('“TypeError: x”');
  expect(errorText(de.errors, 'create', error).sentence).toContain('„TypeError: x“');
});

const thrown = (schema: v.GenericSchema, json: unknown, user: 'model' | 'sampler' = 'model') => {
  try {
    return parseConfig(user === 'model' ? 'unet' : 'DDIMScheduler', schema, json, user) as never;
  } catch (error) {
    return error as AppError;
  }
};
const ACT_FN = v.object({ act_fn: v.picklist(['silu', 'swish']) });
const WIDTH = v.object({ width: v.pipe(v.number(), v.integer()) });

test.each([
  [
    thrown(ACT_FN, { act_fn: 'mish' }),
    'This model cannot be run: its U-Net has act_fn set to "mish", and Safelight supports only "silu" / "swish".',
    'Dieses Modell läuft hier nicht: act_fn ist "mish", und Safelight unterstützt nur "silu" / "swish" (U-Net).',
  ],
  [
    thrown(ACT_FN, {}),
    'This model cannot be run: its U-Net lacks the setting act_fn.',
    'Dieses Modell läuft hier nicht: Die Einstellung act_fn fehlt (U-Net).',
  ],
  [
    thrown(WIDTH, { width: 1.5 }),
    'This model cannot be run: its U-Net has width set to 1.5, which Safelight does not support.',
    'Dieses Modell läuft hier nicht: width ist 1.5, was Safelight nicht unterstützt (U-Net).',
  ],
  [
    thrown(ACT_FN, { act_fn: 'mish' }, 'sampler'),
    'This sampler does not support a setting of the model: act_fn is "mish".',
    'Dieser Sampler unterstützt eine Einstellung des Modells nicht: act_fn ist "mish".',
  ],
  [
    unsupportedModel('missing-part', 'text_encoder_2', 'final.bias', 'no such tensor'),
    'This model cannot be run: its text encoder 2 has no final.bias.',
    'Dieses Modell läuft hier nicht: final.bias fehlt (Text-Encoder 2).',
  ],
  [
    unsupportedModel('other-part', 'vae/weights_2', 'a [3]', 'a I16 [2]'),
    'This model cannot be run: its vae/weights_2 has a I16 [2], where Safelight needs a [3].',
    'Dieses Modell läuft hier nicht: Es enthält a I16 [2], und Safelight braucht a [3] (vae/weights_2).',
  ],
])('%s is told in each language', (error, english, german) => {
  expect(errorText(en.errors, 'models', error).sentence).toBe(english);
  expect(errorText(de.errors, 'models', error).sentence).toBe(german);
});

const CODES = Object.keys(en.errors.codes) as ErrorCode[];

test.each([
  en,
  de,
])('a message is for developers: no error but a bug shows it, and every fault is told', (texts) => {
  const kinds = [undefined, ...Object.keys(texts.errors.faults)];
  for (const code of CODES)
    for (const kind of kinds) {
      const found = /^not-(saf|gg|a-p)/.test(kind ?? '') ? { found: 'zip' } : {};
      const sizes = kind === 'cut-off' ? { expected: 5e6, found: 4e6 } : {};
      const details = kind === undefined ? FACTS : { ...FACTS, ...found, ...sizes, kind };
      const text = errorText(texts.errors, 'models', fromWire({ code, message: 'for developers', details }));
      const whole = `${text.sentence} ${text.remedy}`;
      expect(whole).not.toMatch(/for developers|undefined|text_encoder/);
      expect(text.sentence).toMatch(/[.”“]$/);
    }
});

test.each([
  ['numInferenceSteps', 'Steps cannot be 0.', 'Schritte kann nicht 0 sein.'],
  ['image.strength', 'Strength cannot be 0.', 'Stärke kann nicht 0 sein.'],
  ['hires.scale', 'Upscale by cannot be 0.', 'Hires-Faktor kann nicht 0 sein.'],
])('a refused %s has the name it has in the form', (field, english, german) => {
  const error = new AppError('invalid-request', 'no', { field, expected: '>=1', found: '0' });
  expect(errorText(en.errors, 'create', error).sentence).toBe(english);
  expect(errorText(de.errors, 'create', error).sentence).toBe(german);
});

test('a text that is too long is named with both lengths', () => {
  const details = { kind: 'too-long', field: 'prompt', most: 10_000, found: 12_000 };
  const error = new AppError('invalid-request', 'no', details);
  expect(errorText(en.errors, 'create', error)).toEqual({
    sentence: 'Prompt has 12,000 characters; at most 10,000 are allowed.',
    remedy: 'Shorten it.',
  });
  expect(errorText(de.errors, 'create', error).sentence).toBe(
    'Prompt kann höchstens 10.000 Zeichen haben und hat 12.000.',
  );
});

test('a refused value that is no setting of the form is named as the request spells it', () => {
  const error = new AppError('invalid-request', 'memoryBytes: expected number.', { field: 'memoryBytes' });
  expect(errorText(en.errors, 'create', error)).toEqual({
    sentence: 'The request holds a value that Safelight does not accept: memoryBytes.',
    remedy: 'Reload the page, then try again.',
  });
});

test.each([
  ['graph-refused', 'create', 'Set Device to CPU, or', 'Das Gerät auf CPU stellen, oder'],
  [
    'graph-refused',
    'queue',
    'Set Device under Create to CPU, or',
    'Das Gerät unter „Malen“ auf CPU stellen, oder',
  ],
  ['kernel-refused', 'create', 'Set Device to CPU.', 'Das Gerät auf CPU stellen.'],
  ['no-f16', 'create', 'Set Device to CPU.', 'Das Gerät auf CPU stellen.'],
  ['no-f16', 'upscale', 'Set Device under Create to CPU.', 'Das Gerät unter „Malen“ auf CPU stellen.'],
] as const)('the remedy of %s, shown under %s, says where Device is if it is not there', (kind, place, english, german) => {
  const error = fromWire({ code: 'unsupported-model', message: 'no', details: { ...FACTS, kind } });
  expect(errorText(en.errors, place, error).remedy).toContain(english);
  expect(errorText(de.errors, place, error).remedy).toContain(german);
});

test.each([
  ['create', 'Check your internet connection, then press Generate again.'],
  ['models', 'Check your internet connection, then try again.'],
] as const)('under %s a download that failed is mended by what can be pressed there', (place, remedy) => {
  expect(errorText(en.errors, place, new AppError('download-failed', 'no')).remedy).toBe(remedy);
});

test.each([
  [{}, 'so models cannot be downloaded.', 'lassen sich Modelle nicht herunterladen.'],
  [{ what: 'picture' }, 'so pictures cannot be saved.', 'lassen sich Bilder nicht speichern.'],
  [{ what: 'experiment' }, 'so it does not keep experiments.', 'behält er Versuche nicht.'],
])('where nothing is stored, what is lost is what was to be stored: %j', (details, english, german) => {
  const error = new AppError('no-storage', 'no', details);
  expect(errorText(en.errors, 'experiments', error).sentence).toContain(english);
  expect(errorText(de.errors, 'experiments', error).sentence).toContain(german);
});

test('what a browser does not keep has one remedy, so that it is said once', () => {
  const remedies = ['picture', 'job', 'experiment', 'file', 'settings'].map(
    (what) => errorText(en.errors, 'create', new AppError('no-storage', 'no', { what })).remedy,
  );
  expect(new Set(remedies).size).toBe(1);
});

test('where no picture is painted, a smaller one or another device is no remedy', () => {
  for (const place of ['gallery', 'models', 'migration'] as const)
    for (const code of ['worker-crashed', 'worker-hung'] as const)
      expect(errorText(en.errors, place, new AppError(code, 'no')).remedy).not.toMatch(/smaller|CPU/);
});

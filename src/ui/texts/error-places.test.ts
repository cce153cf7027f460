import { expect, test } from 'vitest';
import { AppError, type ErrorCode, fromWire } from '../../protocol/errors.ts';
import type { FileKind } from '../../protocol/file-kind.ts';
import { de } from './de.ts';
import { en, type Texts } from './en.ts';
import { ERROR_PLACES, type ErrorPlace, hasForm, hasModels } from './error-places.ts';
import { errorText } from './error-text.ts';
import { MODELS_TEXTS } from './models-texts.ts';
import type { ModelsTexts } from './models-texts-en.ts';
import { FACTS } from './samples/error-facts.ts';

const CODES = Object.keys(en.errors.codes) as ErrorCode[];
const COMPONENTS = ['unet', 'lora'];
const KINDS = Object.keys(en.errors.faults);
const FOUND: readonly FileKind[] = [
  ...(['empty', 'web-page', 'lfs-pointer', 'pickle', 'safetensors', 'gguf'] as const),
  ...(['zip', 'archive', 'picture', 'video', 'pdf', 'json'] as const),
];

/** Every code by itself, and every kind, whose words are the same whatever its code. */
const EVERY = [
  ...[...CODES, 'bug' as const].map((code) => [code, undefined] as const),
  ...KINDS.map((kind) => ['unsupported-model', kind] as const),
].flatMap(([code, kind]) => {
  const files = /^not-(safetensors|gguf|a-picture)$/.test(kind ?? '') ? FOUND : [FACTS.found];
  const whats = kind === undefined ? ['picture', 'older-data', 'settings', 'experiment', 'model'] : ['model'];
  const fields = kind === undefined ? ['seed', 'memoryBytes'] : ['prompt'];
  return files.flatMap((found) =>
    whats.flatMap((what) =>
      fields.flatMap((field) =>
        COMPONENTS.map((component) => {
          const sizes = kind === 'cut-off' ? { expected: 5e6, found: 4e6 } : { found };
          const details = {
            ...FACTS,
            ...sizes,
            what,
            field,
            component,
            ...(kind !== undefined && { kind }),
          };
          return fromWire({ code, message: 'no', details });
        }),
      ),
    ),
  );
});

/** What is pressed or set on one screen only, and what says that another one is meant. */
const ONLY_ON = ({ fields, create }: Texts, models: ModelsTexts, generate: string) => [
  {
    has: hasForm,
    names: [
      new RegExp(generate),
      new RegExp(`(?<![\\p{L}-])${create.groups.advanced}`, 'u'),
      ...(
        ['width', 'height', 'numInferenceSteps', 'scheduler', 'strength', 'clipSkip', 'device'] as const
      ).map((name) => new RegExp(`(?<![\\p{L}])${fields.labels[name]}(?![\\p{L}])`, 'u')),
      /(?<!\p{L})[Pp]rompt(?!\p{L})/u,
    ],
    elsewhere: /under Create|unter „Malen“/,
  },
  {
    has: hasModels,
    names: [models.hub, models.fromDisk, models.lookUp].map((name) => new RegExp(`[“„]${name}[”“]`)),
    elsewhere: /under Models|unter „Modelle“/,
  },
];

test.each([
  ['English', en, MODELS_TEXTS.en, 'press Generate'],
  ['German', de, MODELS_TEXTS.de, '„Malen“ drücken'],
] as const)('in %s no remedy names what is on another screen without saying so', (_, texts, models, generate) => {
  const screens = ONLY_ON(texts, models, generate);
  const wrong = new Set<string>();
  for (const place of ERROR_PLACES)
    for (const error of EVERY) {
      const { sentence, remedy } = errorText(texts.errors, place, error);
      const isWhole =
        /^[\p{Lu}„“].*(?:[.!]|\.safetensors)$/u.test(remedy) &&
        !/undefined|NaN MB|\[object/.test(`${sentence} ${remedy}`);
      const isMisplaced = screens.some(
        ({ has, names, elsewhere }) =>
          !has(place) && !elsewhere.test(remedy) && names.some((name) => name.test(remedy)),
      );
      if (!isWhole || isMisplaced) wrong.add(`${place}, ${error.code}, ${error.details.kind}: ${remedy}`);
    }
  expect([...wrong]).toEqual([]);
});

test('Generate is named where it is at hand', () => {
  const namesIt = ({ errors }: Texts, place: ErrorPlace, name: string) =>
    EVERY.some((error) => errorText(errors, place, error).remedy.includes(name));
  for (const place of ERROR_PLACES) {
    expect(namesIt(en, place, 'Generate'), place).toBe(place === 'create');
    expect(namesIt(de, place, '„Malen“ drücken'), place).toBe(place === 'create');
  }
});

test.each([
  [
    'disk',
    'pickle',
    'x.safetensors is a pickle (.ckpt, .pt, .bin), which can run code, not a .safetensors file.',
  ],
  ['disk', 'web-page', 'x.safetensors is a web page, not a .safetensors file.'],
  [
    'embeddings',
    'lfs-pointer',
    'x.safetensors is a Git LFS pointer, which only names the file, not a .safetensors file.',
  ],
] as const)('under %s a file that is a %s is called that, and no server is blamed', (place, found, sentence) => {
  const details = { kind: 'not-safetensors', file: 'x.safetensors', found };
  const text = errorText(en.errors, place, new AppError('corrupt-file', 'no', details));
  expect(text.sentence).toBe(sentence);
  for (const { errors } of [en, de])
    expect(errorText(errors, place, new AppError('corrupt-file', 'no', details)).remedy).not.toMatch(
      /[Ss]erver/,
    );
});

test('a file that is cut off says by how much, in the language’s own numbers', () => {
  const details = { kind: 'cut-off', file: 'x.safetensors', expected: 2_132_625_612, found: 1_500_000 };
  const error = new AppError('corrupt-file', 'no', details);
  expect(errorText(en.errors, 'disk', error).sentence).toBe(
    'x.safetensors is cut off: it has 1.5 MB of 2,130 MB.',
  );
  expect(errorText(de.errors, 'disk', error).sentence).toBe(
    'x.safetensors ist abgeschnitten: 1,5 MB von 2.130 MB sind da.',
  );
});

test.each([
  [
    en,
    'hub.test could not be searched: the server is asked too much at the moment (429).',
    'Wait a minute, then search again.',
  ],
  [
    de,
    'hub.test ließ sich nicht durchsuchen: der Server wird im Augenblick zu viel gefragt (429).',
    'Eine Minute warten, dann noch einmal suchen.',
  ],
])('a server that is asked too often is waited for, and no connection is blamed', ({
  errors,
}, sentence, remedy) => {
  const error = new AppError('download-failed', 'Busy.', { file: 'hub.test', status: '429' });
  expect(errorText(errors, 'search', error)).toEqual({ sentence, remedy });
});

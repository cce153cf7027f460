import { expect, test } from 'vitest';
import type { RequestSettings } from '../../protocol/picture-settings.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { type Ingredient, isCalled, pictureMadeWith } from './picture-made-with.ts';

const row = (id: string, settings: Partial<RequestSettings> | null, more: Partial<PictureRow> = {}) =>
  ({
    ...{ id, isFavourite: false, settings: settings && { tool: 'Safelight', settings, notes: [] } },
    ...more,
  }) as unknown as PictureRow;
const model = (id: string) => ({ type: 'model', id, label: id }) as const;

test('the last picture of a model stands for it, a favourite before it; one that was stopped does not', () => {
  const stopped = { kind: 'stopped', pass: 1, step: 1, steps: 9 } as const;
  const rows = [
    row(
      '5',
      { model: 'a/b' },
      { settings: { tool: 'Safelight', settings: { model: 'a/b' }, notes: [stopped] } },
    ),
    row('4', { model: 'c/d' }),
    row('3', null),
    row('2', { model: 'a/b' }),
    row('1', { model: 'a/b' }),
  ];
  expect(pictureMadeWith(rows, model('a/b'))?.id).toBe('2');
  const favourite = rows.with(4, row('1', { model: 'a/b' }, { isFavourite: true }));
  expect(pictureMadeWith(favourite, model('a/b'))?.id).toBe('1');
  expect(pictureMadeWith(rows, model('e/f'))).toBeNull();
});

test('a part, a LoRA and an embedding have the pictures that name them', () => {
  const rows = [
    row('3', { prompt: 'a cat <lora:ink:0.8>', negativePrompt: 'badhands' }),
    row('2', { vae: 'x/taesd', prompt: 'ink' }),
    row('0', {
      controls: [
        {
          ...{ model: 'x/canny', preprocessor: 'canny', controlMode: null, scale: 1, start: 0, end: 1 },
          isGuess: false,
        },
      ],
      picturePrompts: [{ adapter: 'x/ip', scale: 1, parts: 'all', pictureCount: 1 }],
    }),
    row('1', { prompt: 'a cat <lora:inkling:1>, badhandsy' }),
  ];
  const made = (type: Ingredient['type'], label: string, id = label) =>
    pictureMadeWith(rows, { type, id, label })?.id ?? null;
  expect(made('lora', 'ink')).toBe('3');
  expect(made('lora', 'inkling')).toBe('1');
  expect(made('embedding', 'badhands')).toBe('3');
  expect(made('vae', 'TAESD', 'x/taesd')).toBe('2');
  expect(made('control', 'canny', 'x/canny')).toBe('0');
  expect(made('control', 'ip', 'x/ip')).toBeNull();
  expect(made('ip_adapter', 'ip', 'x/ip')).toBe('0');
  expect(made('upscaler', 'Swin', 'x/swin')).toBeNull();
});

test.each([
  ['<lyco:a.b (1):1>', 'lora', 'a.b (1)', true],
  ['<lora:aXb:1>', 'lora', 'a.b', false],
  ['(MyStyle:1.2), x', 'embedding', 'mystyle', true],
  ['mystyle-2', 'embedding', 'mystyle-2', true],
  ['mystyles', 'embedding', 'mystyle', false],
] as const)('%s calls the %s %s: %s', (text, type, label, is) => {
  expect(isCalled(text, { type, id: label, label })).toBe(is);
});

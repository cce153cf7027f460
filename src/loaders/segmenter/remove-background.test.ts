import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { savedRepository } from '../../hub/golden/saved-repository.ts';
import { fromRgb } from '../../image/golden/rgb.ts';
import { Runtime } from '../../runtime/runtime.ts';
import { removeBackground } from './remove-background.ts';

const GOLDEN = join(import.meta.dirname, '../golden');
const repository = (name: string) => {
  const inFolder = (path: string) => join(GOLDEN, 'background-removal', name, path);
  return savedRepository(
    (path) => existsSync(inFolder(path)),
    (path) => openAsBlob(inFolder(path)),
  );
};
const runtime = await Runtime.open('wasm');
const SIZES = { wide: [210, 90], tall: [60, 100], square: [128, 128] } as const;
const rgb = (name: string) => readFileSync(join(GOLDEN, 'segmenter', `${name}.rgb`));

const CASES = (['u2net', 'birefnet'] as const).flatMap((model) =>
  (['wide', 'tall', 'square'] as const).map((picture) => ({ model, picture })),
);

test.each(CASES)('what $model leaves of a $picture picture is what rembg’s steps leave', async (one) => {
  const { model, picture } = one;
  const [width, height] = SIZES[picture];
  const image = fromRgb(rgb(picture), width, height);
  const cut = await removeBackground(repository(model), runtime, image);
  const expected = readFileSync(join(GOLDEN, 'background-removal', model, `${picture}.alpha`));
  const alpha = cut.rgba.filter((_, i) => i % 4 === 3);
  expect(alpha).toHaveLength(expected.length);
  // A value that lies between two of 255 is truncated either way by its last bit.
  expect(Math.max(...alpha.map((value, i) => Math.abs(value - (expected[i] as number))))).toBeLessThanOrEqual(
    1,
  );
  const differing = alpha.filter((value, i) => value !== expected[i]).length;
  expect(differing / alpha.length).toBeLessThan(0.01);
  expect(cut.rgba.filter((_, i) => i % 4 !== 3)).toEqual(image.rgba.filter((_, i) => i % 4 !== 3));
});

test('other models are refused', async () => {
  const other = { ...repository('u2net'), json: async () => ({ model_type: 'clip' }) };
  const image = fromRgb(rgb('tall'), ...SIZES.tall);
  await expect(removeBackground(other, runtime, image)).rejects.toMatchObject({
    code: 'unsupported-model',
    details: { kind: 'no-background-removal', component: 'config.json' },
  });
});

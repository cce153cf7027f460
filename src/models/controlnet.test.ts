import { openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../protocol/parse-config.ts';
import { UNet2DConditionConfig } from './config.ts';
import { residualShapes } from './controlnet.ts';
import { ADDEND_NAMES, addendCase } from './golden/addends.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('residuals have the shapes of what they are added to, at odd sizes too', () => {
  test.each(ADDEND_NAMES)('%s', async (name) => {
    const { build } = await addendCase(name, (path) => openAsBlob(join(ROOT, path)), {
      provider: 'wasm',
      dtype: 'float32',
    });
    const { inputs } = build(1, { controlNet: true });
    const sample = inputs.find((input) => input.name === 'sample')?.shape ?? [];
    const added = inputs.filter((input) => /^(down|mid)_block_additional/.test(input.name));
    expect(added.length).toBeGreaterThan(6);
    const folder = name === 'tiny-model' ? 'e2e/tiny-model/unet' : `src/models/golden/${name}`;
    const json = JSON.parse(readFileSync(join(ROOT, folder, 'config.json'), 'utf8'));
    const config = parseConfig('unet', UNet2DConditionConfig, json);
    const [, , height, width] = sample as [number, number, number, number];
    expect(residualShapes(config, { height, width })).toEqual(added.map(({ shape }) => shape.slice(1)));
  });
});

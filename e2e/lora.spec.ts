import { type Shape, safetensors } from '../src/checkpoint/lora/samples/lora-files.ts';
import { expect, test } from './fixtures.ts';

const file = async (name: string, contents: Readonly<Record<string, Shape>>, metadata?: object) => ({
  ...{ name, mimeType: 'application/octet-stream' },
  buffer: Buffer.from(await safetensors(contents, metadata).arrayBuffer()),
});

/** A change of nothing, to the first convolution of the small model. */
const conv = (name: string, [down, up]: readonly [string, string]) => ({
  [name + down]: [2, 4, 3, 3],
  [name + up]: [16, 2, 1, 1],
});

test('a LoRA by PEFT without its settings is used and a note says so; with them there is no note', async ({
  app,
  page,
}) => {
  const adapter = await file(
    'adapter_model.safetensors',
    conv('base_model.model.conv_in', ['.lora_A.weight', '.lora_B.weight']),
  );
  const config = {
    ...{ name: 'adapter_config.json', mimeType: 'application/json' },
    buffer: Buffer.from(JSON.stringify({ peft_type: 'LORA', r: 2, lora_alpha: 8 })),
  };
  const add = async (files: readonly (typeof adapter)[]) => {
    await app.open({ prompt: 'a cat <lora:adapter_model:1>' });
    await app.button('Models').click();
    await page.locator('input[type=file]').setInputFiles([...files]);
    await expect(app.button('Delete adapter_model')).toBeVisible();
    await app.button('Create').click();
  };
  const said = page.getByText('The intended strength of adapter_model is unknown');
  await add([adapter]);
  await app.make();
  await expect(said).toBeVisible();
  await add([adapter, config]);
  await expect(async () => {
    await app.make();
    await expect(said).toBeHidden({ timeout: 100 });
  }).toPass();
});

test('what a LoRA holds beside what the model has a place for is named; its trigger words go into the prompt', async ({
  app,
  page,
}) => {
  const contents = {
    ...conv('lora_unet_conv_in', ['.lora_down.weight', '.lora_up.weight']),
    'lora_unet_conv_in.diff_b': [16],
    'bundle_emb.word.emb_params': [1, 3],
    'no.such.key': [1],
  };
  const tags = { '10_cat': { outdoors: 2, 'sks cat': 9 } };
  const style = await file('style.safetensors', contents, { ss_tag_frequency: JSON.stringify(tags) });
  await app.open({ prompt: 'a cat <lora:style:1>' });
  await app.button('Models').click();
  await page.locator('input[type=file]').setInputFiles(style);
  await app.button('sks cat').click();
  await expect(app.field('Prompt')).toHaveValue('a cat <lora:style:1>, sks cat');
  await app.make();
  await expect(page.getByText('style was applied without no.such.key')).toBeVisible();
  await app.openAdvanced();
  await app.button('outdoors').click();
  await expect(app.field('Prompt')).toHaveValue('a cat <lora:style:1>, sks cat, outdoors');
});

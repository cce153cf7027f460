import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { StoredTensor, Tensors } from '../../checkpoint/weights.ts';
import type { FullSize, Golden } from '../golden/single-file/files.ts';
import { headerOnly, readHeader } from '../golden/single-file/files.ts';
import { readLoneComponent } from './lone-component.ts';

const FOLDER = join(import.meta.dirname, '../golden/single-file');
const golden = (name: string) => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Golden;
const UNET = 'model.diffusion_model.';
const KINDS = ['sd1', 'sd1-inpaint', 'sd2', 'sdxl', 'sdxl-refiner'] as const;

/** The tensors of a whole checkpoint that begin with a prefix, with another one in its place. */
async function part(name: string, prefix: string, other: string): Promise<Map<string, StoredTensor>> {
  const whole = await headerOnly(golden(name).file);
  return new Map(
    [...whole].flatMap(([key, tensor]) =>
      key.startsWith(prefix) ? [[other + key.slice(prefix.length), tensor] as const] : [],
    ),
  );
}

/** What tensors are, and where in a file. */
const places = (tensors: Tensors | undefined) =>
  [...(tensors ?? [])].map(([key, { path: _, blob: __, ...tensor }]) => [key, tensor]);

/** What its own file says without knowing the model around it. */
const UNTOLD = { sample_size: undefined, addition_time_embed_dim: undefined };

test.each(KINDS)('the UNet of %s alone is what it is in the whole file, with any prefix', async (name) => {
  const whole = await readHeader(golden(name).file);
  const config = whole.configs('epsilon')['unet/config.json'] as object;
  for (const prefix of [UNET, 'diffusion_model.', '']) {
    const lone = readLoneComponent('x.gguf', await part(name, UNET, prefix));
    expect(lone).toMatchObject({ component: 'unet', className: 'UNet2DConditionModel' });
    expect({ ...lone?.config, ...UNTOLD }).toEqual({ ...config, ...UNTOLD });
    expect(places(lone?.tensors)).toEqual(places(whole.components.unet));
  }
  for (const prefix of ['', 'unet.']) {
    const named = [...(whole.components.unet as Tensors)].map(
      ([key, tensor]) => [prefix + key, tensor] as const,
    );
    const lone = readLoneComponent('x.safetensors', new Map(named));
    expect({ ...lone?.config, ...UNTOLD }).toEqual({ ...config, ...UNTOLD });
    expect(places(lone?.tensors)).toEqual(places(whole.components.unet));
  }
});

test('a published SDXL’s UNet has its numbers’ width too', () => {
  const { models } = JSON.parse(gunzipSync(readFileSync(join(FOLDER, 'full-size.json.gz'))).toString()) as {
    models: Record<string, FullSize>;
  };
  const xl = Object.values(models).find(({ file }) => `${UNET}label_emb.0.0.weight` in file);
  const tensors = Object.entries(xl?.file ?? {}).flatMap(([key, shape]) =>
    key.startsWith(UNET)
      ? [[key.slice(UNET.length), { ...EMPTY, shape } as unknown as StoredTensor] as const]
      : [],
  );
  const lone = readLoneComponent('x.gguf', new Map(tensors));
  expect(lone?.config).toMatchObject({
    addition_time_embed_dim: 256,
    projection_class_embeddings_input_dim: 2816,
    transformer_layers_per_block: [1, 2, 10],
  });
});

const EMPTY: StoredTensor = { dtype: 'F16', shape: [1], offset: 0, length: 2, path: 'x', blob: new Blob() };

test('of LCM’s UNet the guidance’s embedding is known by its tensor', async () => {
  const whole = await readHeader(golden('sd1').file);
  const key = 'time_embedding.cond_proj.weight';
  const unet = new Map([...(whole.components.unet as Tensors), [key, { ...EMPTY, shape: [32, 256] }]]);
  expect(readLoneComponent('x.safetensors', unet)?.config).toMatchObject({ time_cond_proj_dim: 256 });
});

const TEXTS = [
  [
    'sd1',
    'cond_stage_model.transformer.',
    'text_encoder',
    ['', 'text_encoders.clip_l.transformer.', 'clip_l.'],
  ],
  ['sdxl', 'conditioner.embedders.0.transformer.', 'text_encoder', ['', 'text_encoder.']],
  [
    'sdxl',
    'conditioner.embedders.1.model.',
    'text_encoder_2',
    ['', 'text_encoders.clip_g.', 'clip_g.model.'],
  ],
  ['sdxl-refiner', 'conditioner.embedders.0.model.', 'text_encoder_2', ['clip_g.transformer.']],
  ['sd2', 'cond_stage_model.model.', 'text_encoder', ['clip_h.', 'text_encoders.clip_h.model.']],
] as const;

test.each(
  TEXTS,
)('the text encoder of %s (%s) alone is %s as in the whole file', async (name, from, component, prefixes) => {
  const whole = await readHeader(golden(name).file);
  for (const prefix of prefixes) {
    const lone = readLoneComponent('x.gguf', await part(name, from, prefix));
    expect(lone?.component, prefix).toBe(component);
    expect(lone?.config).toEqual(whole.configs('epsilon')[`${component}/config.json`]);
    expect(places(lone?.tensors)).toEqual(places(whole.components[component]));
  }
});

/** A text encoder in transformers' names of a real width. */
const text = (width: number, ...more: string[]): Tensors => {
  const names = ['embeddings.token_embedding.weight', 'final_layer_norm.weight'];
  const all = [...names, 'embeddings.position_embedding.weight', 'encoder.layers.0.mlp.fc1.weight'];
  const keys = [...all.map((key) => `text_model.${key}`), ...more];
  return new Map(keys.map((key) => [key, { ...EMPTY, shape: [width, width] }]));
};

test('in transformers’ names without a prefix, the width tells which CLIP it is', () => {
  const found = [768, 1024, 1280].map((width) => {
    const { component, className, config } = readLoneComponent(
      'x.gguf',
      text(width, 'text_projection.weight'),
    ) as NonNullable<ReturnType<typeof readLoneComponent>>;
    return [component, className, config.hidden_act];
  });
  expect(found).toEqual([
    ['text_encoder', 'CLIPTextModel', 'quick_gelu'],
    ['text_encoder', 'CLIPTextModel', 'gelu'],
    ['text_encoder_2', 'CLIPTextModelWithProjection', 'gelu'],
  ]);
});

test('CLIP with its half for pictures is read as its text encoder', () => {
  const whole = text(768, 'vision_model.pre_layrnorm.weight', 'visual_projection.weight', 'logit_scale');
  expect([...(readLoneComponent('x.safetensors', whole)?.tensors.keys() ?? [])]).toEqual([
    ...text(768).keys(),
  ]);
});

test('a key that does not belong is named as it stands in the file', async () => {
  const unet = await part('sd1', UNET, 'diffusion_model.');
  unet.set('diffusion_model.input_blocks.1.0.other.weight', EMPTY);
  expect(() => readLoneComponent('x.gguf', unet)).toThrow('diffusion_model.input_blocks.1.0.other.weight');
  expect(() => readLoneComponent('x.gguf', text(768, 'something.else'))).toThrow('something.else');
});

test('whole models and ControlNets are none', async () => {
  for (const name of KINDS) expect(readLoneComponent('x', await headerOnly(golden(name).file))).toBeNull();
  const control = ['input_blocks.0.0.weight', 'zero_convs.0.0.weight', 'conv_in.weight', 'down_blocks.0.a'];
  expect(readLoneComponent('x', new Map(control.map((key) => [key, EMPTY])))).toBeNull();
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Tensors } from '../checkpoint/weights.ts';
import { loraPlaces } from './lora-places.ts';

type Shapes = Readonly<Record<string, readonly number[]>>;

function tensors(shapes: Shapes): Tensors {
  const stored = { dtype: 'F16', offset: 0, length: 0, path: 'model', blob: new Blob() } as const;
  return new Map(Object.entries(shapes).map(([name, shape]) => [name, { ...stored, shape }]));
}

/** Stable Diffusion 1.5's tensors, as golden/models.py wrote them down. */
const SHAPES = join(import.meta.dirname, '../models/golden/sd15/shapes.json');
const SD15: Record<string, { shapes: Shapes }> = JSON.parse(readFileSync(SHAPES, 'utf8'));
const sd15 = {
  unet: tensors(SD15.unet?.shapes ?? {}),
  text_encoder: tensors(SD15.text_encoder?.shapes ?? {}),
};

const TRANSFORMER = 'down_blocks.1.attentions.0.transformer_blocks.0';
const TEXT_LAYER = 'text_model.encoder.layers.11';

test.each([
  ['lora_unet_mid_block_attentions_0_proj_in', 'unet', 'mid_block.attentions.0.proj_in'],
  ['lora_te_text_model_encoder_layers_11_mlp_fc1', 'text_encoder', `${TEXT_LAYER}.mlp.fc1`],
  ['lora_te1_text_model_encoder_layers_11_mlp_fc1', 'text_encoder', `${TEXT_LAYER}.mlp.fc1`],
  [`unet.${TRANSFORMER}.attn2.to_out.0`, 'unet', `${TRANSFORMER}.attn2.to_out.0`],
  [`${TRANSFORMER}.ff.net.2`, 'unet', `${TRANSFORMER}.ff.net.2`],
  [`base_model.model.${TRANSFORMER}.ff.net.2`, 'unet', `${TRANSFORMER}.ff.net.2`],
  [`unet.base_model.model.${TRANSFORMER}.ff.net.2`, 'unet', `${TRANSFORMER}.ff.net.2`],
  [`unet.${TRANSFORMER}.attn1.processor.to_v`, 'unet', `${TRANSFORMER}.attn1.to_v`],
  [`${TRANSFORMER}.attn1.processor.to_out`, 'unet', `${TRANSFORMER}.attn1.to_out.0`],
  [`text_encoder.${TEXT_LAYER}.mlp.fc2`, 'text_encoder', `${TEXT_LAYER}.mlp.fc2`],
  ['text_encoder.encoder.layers.11.mlp.fc2', 'text_encoder', `${TEXT_LAYER}.mlp.fc2`],
  [`text_encoder.${TEXT_LAYER}.self_attn.to_q`, 'text_encoder', `${TEXT_LAYER}.self_attn.q_proj`],
  [`text_encoder.${TEXT_LAYER}.self_attn.to_out`, 'text_encoder', `${TEXT_LAYER}.self_attn.out_proj`],
  ['oft_unet_mid_block_attentions_0_proj_in', 'unet', 'mid_block.attentions.0.proj_in'],
  ['lycoris_mid_block_attentions_0_proj_in', 'unet', 'mid_block.attentions.0.proj_in'],
  ['lycoris_text_model_encoder_layers_11_mlp_fc1', 'text_encoder', `${TEXT_LAYER}.mlp.fc1`],
  // What LyCORIS 4.1.3's create_lycoris names in a CLIPTextModel of transformers 5.
  ['lycoris_encoder_layers_11_self_attn_k_proj', 'text_encoder', `${TEXT_LAYER}.self_attn.k_proj`],
  [`unet.unet.${TRANSFORMER}.ff.net.2`, 'unet', `${TRANSFORMER}.ff.net.2`],
  ['diffusion_model.input_blocks.0.0', 'unet', 'conv_in'],
  ['diffusion_model.out.0', 'unet', 'conv_norm_out'],
  ['model.diffusion_model.input_blocks.1.0.in_layers.0', 'unet', 'down_blocks.0.resnets.0.norm1'],
  ['diffusion_model.middle_block.0.out_layers.0', 'unet', 'mid_block.resnets.0.norm2'],
  [`text_encoders.clip_l.transformer.${TEXT_LAYER}.mlp.fc1`, 'text_encoder', `${TEXT_LAYER}.mlp.fc1`],
  [`clip_l.transformer.${TEXT_LAYER}.mlp.fc1`, 'text_encoder', `${TEXT_LAYER}.mlp.fc1`],
  [`base_model.model.${TEXT_LAYER}.mlp.fc1`, 'text_encoder', `${TEXT_LAYER}.mlp.fc1`],
  ['text_encoder.text_model.final_layer_norm', 'text_encoder', 'text_model.final_layer_norm'],
])('the module %s is in the %s', (module, component, path) => {
  expect(loraPlaces(sd15).of(module)).toMatchObject([{ component, weight: `${path}.weight` }]);
});

test.each([
  'lora_te2_text_model_encoder_layers_11_mlp_fc1',
  'lora_te_text_model_encoder_layers_12_mlp_fc1',
  'lora_unet_double_blocks_0_img_attn_proj',
  'text_encoders.clip_g.transformer.text_model.encoder.layers.0.mlp.fc1',
  'constructor',
  '',
])('Stable Diffusion 1.5 has no module “%s”', (module) => {
  expect(loraPlaces(sd15).of(module)).toEqual([]);
});

/** The likeliest place of a module. */
function finder(components: Readonly<Record<string, Tensors>>) {
  const places = loraPlaces(components);
  return (module: string) => places.of(module)[0];
}

test('a name that does not say its component is looked for in all of them', () => {
  const layer = { 'text_model.encoder.layers.0.mlp.fc1.weight': [4, 4] };
  const places = loraPlaces({
    unet: tensors({}),
    text_encoder: tensors(layer),
    text_encoder_2: tensors(layer),
  });
  const found = places.of('base_model.model.text_model.encoder.layers.0.mlp.fc1');
  expect(found.map(({ component }) => component)).toEqual(['text_encoder', 'text_encoder_2']);
});

test('the first convolution of an inpainting model may be meant without the mask and the picture', () => {
  const unet = tensors({
    ...{ 'conv_in.weight': [6, 9, 3, 3], 'conv_in.bias': [6] },
    'conv_out.weight': [4, 6, 3, 3],
  });
  const places = loraPlaces({ unet });
  const [whole, latents] = places.of('lora_unet_conv_in');
  expect([whole?.shape, latents?.shape]).toEqual([
    [6, 9, 3, 3],
    [6, 4, 3, 3],
  ]);
  expect(whole && places.bias(whole)).toMatchObject({ weight: 'conv_in.bias', shape: [6] });
  expect(places.of('lora_unet_conv_out').map((place) => places.bias(place))).toEqual([undefined]);
});

test('a text encoder saved by transformers 5 is found by its former names', () => {
  const text_encoder_2 = tensors({
    'encoder.layers.0.mlp.fc1.weight': [4, 4],
    'text_projection.weight': [4, 4],
  });
  const find = finder({ text_encoder_2 });
  const places = ['lora_te2_text_model_encoder_layers_0_mlp_fc1', 'lora_te2_text_projection'].map(find);
  expect(places.map((place) => place?.weight)).toEqual([...text_encoder_2.keys()]);
});

/** kohya's name for what a tensor belongs to. */
const kohya = (name: string) => name.replace(/\.weight$/, '').replaceAll('.', '_');

test('every module of Stable Diffusion 1.5 is found under kohya’s name', () => {
  const layers = (own: Tensors) => [...own].flatMap(([name, { shape }]) => (shape.length > 1 ? [name] : []));
  const find = finder(sd15);
  const [unet, text] = [layers(sd15.unet), layers(sd15.text_encoder)];
  expect(unet.map((name) => find(`lora_unet_${kohya(name)}`)?.weight)).toEqual(unet);
  expect(text.map((name) => find(`lora_te_${kohya(name)}`)?.weight)).toEqual(text);
});

test('any module of any other model is found under kohya’s name', () => {
  const part = fc.constantFrom(
    'down_blocks',
    'up_blocks',
    'mid_block',
    '0',
    '10',
    'attn',
    'to_q',
    'proj_in',
    'ff',
  );
  const name = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => `${parts.join('.')}.weight`);
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1, selector: kohya }), (names) => {
      const find = finder({ unet: tensors(Object.fromEntries(names.map((own) => [own, [4, 4]]))) });
      expect(names.map((own) => find(`lora_unet_${kohya(own)}`)?.weight)).toEqual(names);
    }),
  );
});

// At SDXL's two ResNet blocks a level: as diffusers' lora_conversion_utils.py has them, and the four it has not.
test.each([
  ['input_blocks_0_0', 'conv_in'],
  ['time_embed_0', 'time_embedding.linear_1'],
  ['label_emb_0_2', 'add_embedding.linear_2'],
  ['out_2', 'conv_out'],
  ['input_blocks_1_0_in_layers_2', 'down_blocks.0.resnets.0.conv1'],
  ['input_blocks_2_0_in_layers_2', 'down_blocks.0.resnets.1.conv1'],
  ['input_blocks_3_0_op', 'down_blocks.0.downsamplers.0.conv'],
  ['input_blocks_4_0_emb_layers_1', 'down_blocks.1.resnets.0.time_emb_proj'],
  ['input_blocks_4_1_proj_in', 'down_blocks.1.attentions.0.proj_in'],
  [
    'input_blocks_8_1_transformer_blocks_9_attn1_to_out_0',
    'down_blocks.2.attentions.1.transformer_blocks.9.attn1.to_out.0',
  ],
  ['middle_block_0_out_layers_3', 'mid_block.resnets.0.conv2'],
  ['middle_block_1_proj_out', 'mid_block.attentions.0.proj_out'],
  ['middle_block_2_in_layers_2', 'mid_block.resnets.1.conv1'],
  [
    'output_blocks_2_1_transformer_blocks_0_ff_net_0_proj',
    'up_blocks.0.attentions.2.transformer_blocks.0.ff.net.0.proj',
  ],
  ['output_blocks_2_2_conv', 'up_blocks.0.upsamplers.0.conv'],
  ['output_blocks_8_0_skip_connection', 'up_blocks.2.resnets.2.conv_shortcut'],
])('Stability’s %s is diffusers’ %s', (sgm, path) => {
  const conv1 = [0, 1].map((i) => [`down_blocks.0.resnets.${i}.conv1.weight`, [4, 4, 3, 3]]);
  const unet = tensors({ ...Object.fromEntries(conv1), [`${path}.weight`]: [4, 4] });
  expect(finder({ unet })(`lora_unet_${sgm}`)?.weight).toBe(`${path}.weight`);
});

import type { Tensors } from '../../checkpoint/weights.ts';

/** The Stable Diffusion of a checkpoint in one file. */
export type SingleFileKind = 'sd1' | 'sd2' | 'sdxl' | 'sdxl-refiner';

/** Whether its UNet takes the pooled text and some numbers, and its last text encoder is OpenCLIP's. */
export const isXl = (kind: SingleFileKind) => kind === 'sdxl' || kind === 'sdxl-refiner';

/**
 * The names of diffusers' loaders/single_file_utils.py, as tables: the name of a module in the code Stable Diffusion was
 * published with (CompVis/latent-diffusion, Stability-AI/generative-models), and its name in diffusers.
 *
 * `*` stands for weight and bias, names in braces for numbers: `{level}` is a resolution, counted as in diffusers; `{layer}`
 * and `{upLayer}` are layers of a block on the way down and up; `{sampler}` is a level that is followed by another;
 * `{block}` is a transformer block. Numbers that only the left side has follow from these: see `unetKeys` and `vaeKeys`.
 */
export type Row = readonly [ldm: string, diffusers: string, change?: Change | undefined];

/**
 * What changes beside the name: one tensor holds three matrices (`[qkv]` stands for each), a 1×1 convolution becomes a
 * matrix, or a matrix is stored as [in, out].
 */
export type Change = 'qkv' | 'matrix' | 'transposed';

const same = (name: string): Row => [name, name];
const under = (ldm: string, diffusers: string, rows: readonly Row[]): Row[] =>
  rows.map(([old, now, change]) => [`${ldm}.${old}`, `${diffusers}.${now}`, change]);

/** update_unet_resnet_ldm_to_diffusers. */
const RESNET: readonly Row[] = [
  ['in_layers.0.*', 'norm1.*'],
  ['in_layers.2.*', 'conv1.*'],
  ['emb_layers.1.*', 'time_emb_proj.*'],
  ['out_layers.0.*', 'norm2.*'],
  ['out_layers.3.*', 'conv2.*'],
  ['skip_connection.*', 'conv_shortcut.*'],
];

const ATTENTION = ['to_q.weight', 'to_k.weight', 'to_v.weight', 'to_out.0.*'];
const TRANSFORMER_BLOCK = [
  ...['norm1.*', 'norm2.*', 'norm3.*', 'ff.net.0.proj.*', 'ff.net.2.*'],
  ...['attn1', 'attn2'].flatMap((name) => ATTENTION.map((layer) => `${name}.${layer}`)),
].map((name) => `transformer_blocks.{block}.${name}`);

/** update_unet_attention_ldm_to_diffusers. */
const TRANSFORMER = ['norm.*', 'proj_in.*', 'proj_out.*', ...TRANSFORMER_BLOCK].map(same);

/** DIFFUSERS_TO_LDM_MAPPING["unet"]["layers"], convert_ldm_unet_checkpoint. */
const UNET: readonly Row[] = [
  ['time_embed.0.*', 'time_embedding.linear_1.*'],
  ['time_embed.2.*', 'time_embedding.linear_2.*'],
  ['input_blocks.0.0.*', 'conv_in.*'],
  ...under('input_blocks.{input}.0', 'down_blocks.{level}.resnets.{layer}', RESNET),
  ...under('input_blocks.{input}.1', 'down_blocks.{level}.attentions.{layer}', TRANSFORMER),
  ['input_blocks.{downsampler}.0.op.*', 'down_blocks.{sampler}.downsamplers.0.conv.*'],
  ...under('middle_block.0', 'mid_block.resnets.0', RESNET),
  ...under('middle_block.1', 'mid_block.attentions.0', TRANSFORMER),
  ...under('middle_block.2', 'mid_block.resnets.1', RESNET),
  ...under('output_blocks.{output}.0', 'up_blocks.{level}.resnets.{upLayer}', RESNET),
  ...under('output_blocks.{output}.1', 'up_blocks.{level}.attentions.{upLayer}', TRANSFORMER),
  // The upsampler comes after the attention, if the level has one.
  ['output_blocks.{upsampler}.1.conv.*', 'up_blocks.{sampler}.upsamplers.0.conv.*'],
  ['output_blocks.{upsampler}.2.conv.*', 'up_blocks.{sampler}.upsamplers.0.conv.*'],
  ['out.0.*', 'conv_norm_out.*'],
  ['out.2.*', 'conv_out.*'],
];

/** DIFFUSERS_TO_LDM_MAPPING["unet"]["addition_embed_type"]: SDXL's. */
const ADD_EMBEDDING: readonly Row[] = [
  ['label_emb.0.0.*', 'add_embedding.linear_1.*'],
  ['label_emb.0.2.*', 'add_embedding.linear_2.*'],
];

/** update_vae_resnet_ldm_to_diffusers. */
const VAE_RESNET: readonly Row[] = [
  ...['norm1.*', 'conv1.*', 'norm2.*', 'conv2.*'].map(same),
  ['nin_shortcut.*', 'conv_shortcut.*'],
];

/** update_vae_attentions_ldm_to_diffusers, and names that some converters leave unchanged and other programs read too. */
const VAE_ATTENTION: readonly Row[] = [
  ['norm.*', 'group_norm.*'],
  ...['to_q', 'to_k', 'to_v'].flatMap((name): Row[] => [
    [`${name.slice(3)}.*`, `${name}.*`, 'matrix'],
    [`${name}.*`, `${name}.*`, 'matrix'],
  ]),
  ['proj_out.*', 'to_out.0.*', 'matrix'],
  ['to_out.0.*', 'to_out.0.*', 'matrix'],
];

/** DIFFUSERS_TO_LDM_MAPPING["vae"], convert_ldm_vae_checkpoint. */
const VAE: readonly Row[] = [
  ...['encoder', 'decoder'].flatMap((side) =>
    under(side, side, [
      same('conv_in.*'),
      ...under('mid.block_1', 'mid_block.resnets.0', VAE_RESNET),
      ...under('mid.attn_1', 'mid_block.attentions.0', VAE_ATTENTION),
      ...under('mid.block_2', 'mid_block.resnets.1', VAE_RESNET),
      ['norm_out.*', 'conv_norm_out.*'],
      same('conv_out.*'),
    ]),
  ),
  ...under('encoder.down.{level}.block.{layer}', 'encoder.down_blocks.{level}.resnets.{layer}', VAE_RESNET),
  ['encoder.down.{sampler}.downsample.conv.*', 'encoder.down_blocks.{sampler}.downsamplers.0.conv.*'],
  ...under('decoder.up.{up}.block.{upLayer}', 'decoder.up_blocks.{level}.resnets.{upLayer}', VAE_RESNET),
  ['decoder.up.{upsampler}.upsample.conv.*', 'decoder.up_blocks.{sampler}.upsamplers.0.conv.*'],
  same('quant_conv.*'),
  same('post_quant_conv.*'),
];

const CLIP = [
  'embeddings.token_embedding.weight',
  'embeddings.position_embedding.weight',
  ...['layer_norm1', 'layer_norm2', 'mlp.fc1', 'mlp.fc2'].map((name) => `encoder.layers.{layer}.${name}.*`),
  ...['q', 'k', 'v', 'out'].map((name) => `encoder.layers.{layer}.self_attn.${name}_proj.*`),
  'final_layer_norm.*',
].map(same);

/** convert_ldm_clip_checkpoint; old files lack `text_model`. */
const LDM_CLIP: readonly Row[] = [
  ...under('transformer.text_model', 'text_model', CLIP),
  ...under('transformer', 'text_model', CLIP),
];

/** DIFFUSERS_TO_LDM_MAPPING["openclip"], convert_open_clip_checkpoint. */
const OPEN_CLIP: readonly Row[] = [
  ...under('model', 'text_model', [
    ['token_embedding.weight', 'embeddings.token_embedding.weight'],
    ['positional_embedding', 'embeddings.position_embedding.weight'],
    ['ln_final.*', 'final_layer_norm.*'],
  ]),
  ...under('model.transformer.resblocks.{layer}', 'text_model.encoder.layers.{layer}', [
    ['ln_1.*', 'layer_norm1.*'],
    ['ln_2.*', 'layer_norm2.*'],
    ['mlp.c_fc.*', 'mlp.fc1.*'],
    ['mlp.c_proj.*', 'mlp.fc2.*'],
    ['attn.in_proj_*', 'self_attn.[qkv]_proj.*', 'qkv'],
    ['attn.out_proj.*', 'self_attn.out_proj.*'],
  ]),
  ['model.text_projection', 'text_projection.weight', 'transposed'],
  // As transformers has it; ComfyUI reads both.
  ['model.text_projection.weight', 'text_projection.weight'],
  // As stable-diffusion.cpp renames it (name_conversion.cpp).
  ...under('transformer.text_model', 'text_model', CLIP),
  [
    'transformer.text_model.encoder.layers.{layer}.self_attn.in_proj.*',
    'text_model.encoder.layers.{layer}.self_attn.[qkv]_proj.*',
    'qkv',
  ],
  ['transformer.text_model.text_projection', 'text_projection.weight', 'transposed'],
  // As transformers has it beside `text_model`.
  ['transformer.text_projection.weight', 'text_projection.weight'],
];

/** Names in the file, without the component's prefix → names in diffusers; null for tensors that diffusers leaves out. */
export type KeyMap = ReadonlyMap<
  string,
  { readonly name: string; readonly change?: Change | undefined } | null
>;

/** @param tensors by their names without the prefix */
export function unetKeys(tensors: Tensors, kind: SingleFileKind): KeyMap {
  const levels = 1 + count(tensors, /^input_blocks\.(\d+)\.0\.op\.weight$/);
  const layers = Math.floor(count(tensors, /^input_blocks\.(\d+)\.0\.in_layers\.0\.weight$/) / levels);
  // input_blocks and output_blocks number the layers of all levels in one sequence, including each level's sampler.
  const rows = layers + 1;
  return keyMap(
    isXl(kind) ? [...UNET, ...ADD_EMBEDDING] : UNET,
    {
      level: levels,
      layer: layers,
      upLayer: layers + 1,
      sampler: levels - 1,
      block: count(tensors, /\.transformer_blocks\.(\d+)\./),
    },
    ({ level = 0, layer = 0, upLayer = 0, sampler = 0 }) => ({
      input: 1 + level * rows + layer,
      downsampler: (sampler + 1) * rows,
      output: level * rows + upLayer,
      upsampler: sampler * rows + layers,
    }),
  );
}

/** @param tensors by their names without the prefix */
export function vaeKeys(tensors: Tensors): KeyMap {
  const levels = count(tensors, /^encoder\.down\.(\d+)\./);
  const layers = count(tensors, /^encoder\.down\.0\.block\.(\d+)\./);
  return keyMap(
    VAE,
    { level: levels, layer: layers, upLayer: layers + 1, sampler: levels - 1 },
    // The decoder's levels are numbered as the encoder's.
    ({ level = 0, sampler = 0 }) => ({ up: levels - 1 - level, upsampler: levels - 1 - sampler }),
  );
}

/** @param tensors by their names without the prefix */
export function clipKeys(tensors: Tensors): KeyMap {
  return keyMap(LDM_CLIP, { layer: count(tensors, /\.encoder\.layers\.(\d+)\./) });
}

const OPEN_CLIP_H_LAYERS = 24;

/**
 * Stable Diffusion 2 was trained on the states of the last layer but one, so diffusers leaves the encoder's last layer out
 * (SD_2_TEXT_ENCODER_KEYS_TO_IGNORE). Files that were converted from diffusers lack it, and the projection too.
 * @param tensors by their names without the prefix
 */
export function openClipKeys(tensors: Tensors, kind: SingleFileKind): KeyMap {
  const layers = count(
    tensors,
    /^(?:model\.transformer\.resblocks|transformer\.text_model\.encoder\.layers)\.(\d+)\./,
  );
  const map = keyMap(OPEN_CLIP, { layer: layers });
  const projections = [
    ...['model.text_projection', 'model.text_projection.weight'],
    'transformer.text_model.text_projection',
  ];
  const isWhole = projections.some((key) => tensors.has(key)) || layers === OPEN_CLIP_H_LAYERS;
  if (kind !== 'sd2' || !isWhole) return map;
  const last = ['model.transformer.resblocks', 'transformer.text_model.encoder.layers'].map(
    (name) => `${name}.${layers - 1}.`,
  );
  const isLeftOut = (key: string) => projections.includes(key) || last.some((layer) => key.startsWith(layer));
  return new Map([...map].map(([key, target]) => [key, isLeftOut(key) ? null : target]));
}

/** How many different numbers a pattern finds in the names. */
export function count(tensors: Tensors, pattern: RegExp): number {
  return new Set([...tensors.keys()].map((name) => pattern.exec(name)?.[1]).filter((n) => n !== undefined))
    .size;
}

type Numbers = Readonly<Record<string, number>>;

/**
 * All names of a table.
 * @param ranges how many values each number on the right side has
 * @param derived gives the numbers that only the left side has
 */
export function keyMap(
  rows: readonly Row[],
  ranges: Numbers,
  derived: (numbers: Numbers) => Numbers = () => ({}),
): KeyMap {
  const map = new Map<string, { name: string; change: Change | undefined }>();
  for (const [ldm, diffusers, change] of rows) {
    for (const numbers of places(diffusers, ranges)) {
      const key = fill(ldm, { ...numbers, ...derived(numbers) });
      const name = fill(diffusers, numbers);
      for (const parameter of ldm.includes('*') ? ['weight', 'bias'] : [''])
        map.set(key.replace('*', parameter), { name: name.replace('*', parameter), change });
    }
  }
  return map;
}

const BRACES = /\{(\w+)\}/g;

/** All combinations of the numbers in a name. */
function places(name: string, ranges: Numbers): Numbers[] {
  return [...name.matchAll(BRACES)].reduce<Numbers[]>(
    (all, [, of]) =>
      all.flatMap((numbers) =>
        Array.from({ length: ranges[of as string] ?? 0 }, (_, n) => ({ ...numbers, [of as string]: n })),
      ),
    [{}],
  );
}

function fill(name: string, numbers: Numbers): string {
  return name.replace(BRACES, (_, of: string) => String(numbers[of]));
}

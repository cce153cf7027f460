import type { StoredTensor, Tensors } from './weights.ts';

/** The parts of a LoRA's module: `down` [rank, in], `up` [out, rank], and the number alpha. */
export type LoraPart = 'down' | 'up' | 'alpha';

/** How keys end in files of kohya's sd-scripts, of PEFT, and of diffusers before it used PEFT. */
const ENDINGS: Readonly<Record<string, LoraPart>> = {
  '.lora_down.weight': 'down',
  '.lora_up.weight': 'up',
  '.alpha': 'alpha',
  '.lora_A.weight': 'down',
  '.lora_B.weight': 'up',
  '.lora_A.default.weight': 'down',
  '.lora_B.default.weight': 'up',
  '.lora.down.weight': 'down',
  '.lora.up.weight': 'up',
  '.lora_linear_layer.down.weight': 'down',
  '.lora_linear_layer.up.weight': 'up',
  '_lora.down.weight': 'down',
  '_lora.up.weight': 'up',
};

/** Parts of keys that only other methods' files have. */
const OTHER_METHODS: Readonly<Record<string, string>> = {
  '.dora_scale': 'DoRA',
  '.lora_magnitude_vector': 'DoRA',
  '.hada_': 'LoHa',
  '.lokr_': 'LoKr',
  '.lora_mid': 'LoCon in Tucker form',
};

/** A key in its two halves: the module as the file names it, and the part of the module. */
export interface LoraKey {
  readonly module: string;
  readonly part: LoraPart;
}

/** The halves of a key; undefined when it is not a LoRA's. */
export function parseLoraKey(key: string): LoraKey | undefined {
  const ending = Object.keys(ENDINGS).find((candidate) => key.endsWith(candidate));
  if (ending === undefined) return undefined;
  return { module: key.slice(0, -ending.length), part: ENDINGS[ending] as LoraPart };
}

/** The method that a key belongs to, where it is not plain LoRA. */
export function otherMethod(key: string): string | undefined {
  return Object.entries(OTHER_METHODS).find(([mark]) => key.includes(mark))?.[1];
}

/** How module names begin: with a component as kohya calls it (`lora_te2_`), or as diffusers does (`text_encoder_2.`). */
const BEGINNING = /^(?:lora_(unet|te)(\d?)_|(unet|text_encoder(?:_\d)?)\.)/;

/** The component a module is in, and its name there; without one of those beginnings it is in the UNet. */
function splitModule(module: string): readonly [component: string, path: string] {
  const [beginning = '', kohya, number = '', diffusers = 'unet'] = BEGINNING.exec(module) ?? [];
  const textEncoder = Number(number) > 1 ? `text_encoder_${number}` : 'text_encoder';
  return [kohya === 'te' ? textEncoder : diffusers, module.slice(beginning.length)];
}

/** The place in a model that a LoRA's module changes. */
export interface LoraPlace {
  readonly component: string;
  /** The module within it, as the file spells it. */
  readonly path: string;
  /** The tensor that it changes, whose name is `weight`. */
  readonly tensor: StoredTensor;
  readonly weight: string;
}

/**
 * Finds the place of a LoRA file's module among the model's own tensors.
 *
 * kohya writes `_` for `.`, and names have underscores of their own, so a file's name cannot be translated back. Instead
 * every name that a file may have for a module is derived from the model's names, and looked up.
 */
export function loraPlaces(
  components: Readonly<Record<string, Tensors>>,
): (module: string) => LoraPlace | undefined {
  const names = new Map(
    Object.entries(components).map(([name, tensors]) => [name, nameTable(name, tensors)]),
  );
  return (module) => {
    const bare = module.replace(/^(unet\.|text_encoder(?:_\d)?\.)?base_model\.model\./, '$1');
    const [component, path] = splitModule(bare);
    const [weight, tensor] = names.get(component)?.get(underscored(path)) ?? [];
    return weight === undefined || !tensor ? undefined : { component, path, weight, tensor };
  };
}

const underscored = (path: string) => path.replaceAll('.', '_');

/** Every name for a linear layer or a convolution → its weight. */
function nameTable(
  component: string,
  tensors: Tensors,
): Map<string, readonly [weight: string, tensor: StoredTensor]> {
  const layersPerBlock = [...tensors.keys()].filter((name) =>
    /^down_blocks\.0\.resnets\.\d+\.conv1\.weight$/.test(name),
  ).length;
  const table = new Map<string, readonly [string, StoredTensor]>();
  for (const [weight, tensor] of tensors) {
    const { length } = tensor.shape;
    if (!weight.endsWith('.weight') || (length !== 2 && length !== 4)) continue;
    const path = weight.slice(0, -'.weight'.length);
    const names = component === 'unet' ? unetNames(path, layersPerBlock) : textEncoderNames(path);
    for (const name of names) table.set(underscored(name), [weight, tensor]);
  }
  return table;
}

/** diffusers' name, the one of its former attention processors, and Stability's. */
function unetNames(path: string, layersPerBlock: number): string[] {
  const [, attention, projection] = /^(.+\.attn[12])\.(to_[qkv]|to_out)(?:\.0)?$/.exec(path) ?? [];
  const processor = attention ? [`${attention}.${projection}`, `${attention}.processor.${projection}`] : [];
  return [path, ...processor, ...sgmNames(path, layersPerBlock)];
}

/** Names with and without the prefix that transformers 5 dropped, and diffusers' former names for attention. */
function textEncoderNames(path: string): string[] {
  const bare = path.startsWith('text_model.') ? path.slice('text_model.'.length) : path;
  const former = bare.replace(/\.self_attn\.(q|k|v|out)_proj$/, '.self_attn.to_$1');
  return [bare, former].flatMap((name) => [name, `text_model.${name}`]);
}

const SGM = new Map([
  ['time_embedding.linear_1', 'time_embed.0'],
  ['time_embedding.linear_2', 'time_embed.2'],
  ['add_embedding.linear_1', 'label_emb.0.0'],
  ['add_embedding.linear_2', 'label_emb.0.2'],
  ['conv_in', 'input_blocks.0.0'],
  ['conv_out', 'out.2'],
]);

const SGM_RESNET = new Map([
  ['conv1', 'in_layers.2'],
  ['time_emb_proj', 'emb_layers.1'],
  ['conv2', 'out_layers.3'],
  ['conv_shortcut', 'skip_connection'],
]);

/**
 * A UNet module's names in the code that SDXL was published with (Stability-AI/generative-models, openaimodel.py), which kohya
 * uses too. There the blocks of all levels are numbered in one sequence, each level's sampler being one of them.
 */
function sgmNames(path: string, layersPerBlock: number): string[] {
  const outside = SGM.get(path);
  if (outside !== undefined) return [outside];
  const [, block, kind, index, layer] =
    /^(mid_block|(?:down|up)_blocks\.\d+)\.(\w+)\.(\d+)\.(.+)$/.exec(path) ?? [];
  if (block === undefined || kind === undefined || layer === undefined) return [];
  const [side, level] = block.split('.');
  const i = Number(index);
  const inner = kind === 'resnets' ? (SGM_RESNET.get(layer) ?? layer) : layer;
  if (side === 'mid_block') return [`middle_block.${kind === 'resnets' ? 2 * i : 1}.${inner}`];
  const row = Number(level) * (layersPerBlock + 1);
  if (kind === 'downsamplers') return [`input_blocks.${row + layersPerBlock + 1}.0.op`];
  // It follows the attention, where the level has any.
  if (kind === 'upsamplers') return [1, 2].map((n) => `output_blocks.${row + layersPerBlock}.${n}.conv`);
  const place = side === 'down_blocks' ? `input_blocks.${row + i + 1}` : `output_blocks.${row + i}`;
  return [`${place}.${kind === 'resnets' ? 0 : 1}.${inner}`];
}

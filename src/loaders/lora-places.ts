import type { LoraPlaces } from '../checkpoint/lora/places.ts';
import type { StoredTensor, Tensors } from '../checkpoint/weights.ts';

/**
 * What a module's name may begin with, and the component that this says it is in: as in kohya's sd-scripts (`lora_te2_`),
 * diffusers (`text_encoder_2.`), PEFT and LyCORIS' wrapper (nothing: they know only the module they wrap) and ComfyUI (`text_encoders.clip_g.`). Several may follow each
 * other; the first that says something counts.
 */
const BEGINNINGS: readonly (readonly [RegExp, component: string | null])[] = [
  [/^(base_model\.model\.|lycoris_)/, null],
  [/^(lora_unet_|oft_unet_|unet\.|(model\.)?diffusion_model\.)/, 'unet'],
  [/^lora_te1?_|^text_encoder\.|^(text_encoders\.)?clip_[lh]\.(transformer\.)?/, 'text_encoder'],
  [/^lora_te2_|^text_encoder_2\.|^(text_encoders\.)?clip_g\.(transformer\.)?/, 'text_encoder_2'],
  [/^(lora_te\d_|text_encoder_\d\.|text_encoders\.)/, 'another text encoder'],
];

/** The component that a module's name says it is in, and its name there. */
function splitModule(module: string): { readonly component: string | null; readonly path: string } {
  let component: string | null = null;
  let path = module;
  for (;;) {
    const [beginning, said] = BEGINNINGS.find(([mark]) => mark.test(path)) ?? [];
    if (!beginning) return { component, path };
    component ??= said ?? null;
    path = path.replace(beginning, '');
  }
}

/**
 * Finds the places of a LoRA file's modules among the model's own tensors.
 *
 * kohya writes `_` for `.`, and names have underscores of their own, so a file's name cannot be translated back. Instead
 * every name that a file may have for a module is derived from the model's names, and looked up.
 * @param components the tensors of the model, by diffusers' names of the components: the denoiser's and the text encoders'
 */
export function loraPlaces(components: Readonly<Record<string, Tensors>>): LoraPlaces {
  const names = new Map(
    Object.entries(components).map(([name, tensors]) => [name, nameTable(name, tensors)]),
  );
  const latentChannels = components.unet?.get('conv_out.weight')?.shape[0];
  return {
    components: [...names.keys()],
    of: (module) => {
      const { component: said, path } = splitModule(module);
      return (said === null ? [...names.keys()] : [said]).flatMap((component) => {
        const [weight, tensor] = names.get(component)?.get(underscored(path)) ?? [];
        if (weight === undefined || !tensor) return [];
        const place = { component, path, weight, shape: tensor.shape };
        const isFirst = component === 'unet' && weight === 'conv_in.weight';
        if (!isFirst || latentChannels === undefined || latentChannels >= (tensor.shape[1] ?? 0))
          return [place];
        return [place, { ...place, shape: tensor.shape.with(1, latentChannels) }];
      });
    },
    bias: (place) => {
      const weight = place.weight.replace(/\.weight$/, '.bias');
      const tensor = components[place.component]?.get(weight);
      return tensor && { ...place, weight, shape: tensor.shape };
    },
  };
}

const underscored = (path: string) => path.replaceAll('.', '_');

/** Every name for a module → its weight. */
function nameTable(
  component: string,
  tensors: Tensors,
): Map<string, readonly [weight: string, tensor: StoredTensor]> {
  const layersPerBlock = [...tensors.keys()].filter((name) =>
    /^down_blocks\.0\.resnets\.\d+\.conv1\.weight$/.test(name),
  ).length;
  const table = new Map<string, readonly [string, StoredTensor]>();
  for (const [weight, tensor] of tensors) {
    if (!weight.endsWith('.weight')) continue;
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
  ['conv_norm_out', 'out.0'],
  ['conv_out', 'out.2'],
]);

const SGM_RESNET = new Map([
  ['norm1', 'in_layers.0'],
  ['conv1', 'in_layers.2'],
  ['time_emb_proj', 'emb_layers.1'],
  ['norm2', 'out_layers.0'],
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

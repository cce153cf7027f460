import type { StoredTensor, Tensors } from '../../checkpoint/weights.ts';
import { unsupportedModel } from '../../protocol/errors.ts';
import { renamed } from './single-file.ts';
import { type Config, textConfig, unetConfig } from './single-file-configs.ts';
import { clipKeys, type KeyMap, openClipKeys, type SingleFileKind, unetKeys } from './single-file-keys.ts';

/** A component alone in a file, as its folder in a diffusers repository would be. */
export interface LoneComponent {
  readonly component: 'unet' | 'text_encoder' | 'text_encoder_2';
  /** diffusers' or transformers' class. */
  readonly className: string;
  /** Its config.json, as far as its tensors tell. */
  readonly config: Config;
  /** By diffusers' names. */
  readonly tensors: Tensors;
}

/** Parts of whole checkpoints; a file that has any beside its UNet is no lone one. */
const WHOLE = /^(first_stage_model|vae|cond_stage_model|conditioner)\./;
/** Beside the text encoder in CLIP's own files: its other half, and numbers that no text needs. */
const NOT_TEXT = /^(vision_model|visual_projection|visual)\.|(^|\.)(position_ids|logit_scale)$/;

/** A layer that every such file has, and what the file is called by then: Stability AI's names, or diffusers'. */
const UNET_MARKS = [/^(.*?)input_blocks\.0\.0\.weight$/, /^((?:.*\.)?)conv_in\.weight$/];
/** The way down, which a VAE's decoder does not have, and the way up, which ControlNets do not have. */
const UNET_WAYS = [
  ['input_blocks.1.', 'output_blocks.0.'],
  ['down_blocks.0.', 'up_blocks.0.'],
];
const TEXT_MARKS = [
  /^(.*?)text_model\.encoder\.layers\.0\.mlp\.fc1\.weight$/,
  /^(.*?)transformer\.resblocks\.0\.mlp\.c_fc\.weight$/,
];

/**
 * Reads a UNet alone, as ComfyUI-GGUF and others keep it: with or without `model.diffusion_model.`, in Stability AI's names or
 * diffusers'; or a text encoder alone, with or without a prefix as `text_encoders.clip_l.transformer.` (stable-diffusion.cpp),
 * in transformers' names or OpenCLIP's.
 * @returns null for a file that is neither
 * @throws AppError unsupported-model for a key that does not belong, or a tensor that is missing
 */
export function readLoneComponent(path: string, tensors: Tensors): LoneComponent | null {
  return readUnet(path, tensors) ?? readText(path, tensors);
}

function readUnet(path: string, tensors: Tensors): LoneComponent | null {
  if ([...tensors.keys()].some((key) => WHOLE.test(key))) return null;
  for (const [i, mark] of UNET_MARKS.entries()) {
    const prefix = prefixOf(tensors, mark);
    if (prefix === undefined || !UNET_WAYS[i]?.every((way) => hasAny(tensors, prefix + way))) continue;
    const inside = within(path, tensors, prefix);
    const kind: SingleFileKind = [...inside.keys()].some((key) => /^(label_emb|add_embedding)\./.test(key))
      ? 'sdxl'
      : hasMatrices(inside)
        ? 'sd2'
        : 'sd1';
    const isDiffusers = i === 1;
    const keys = isDiffusers ? asTheyAre(inside) : unetKeys(inside, kind);
    const own = renamed(path, { component: 'unet', prefix, tensors: inside, keys });
    return {
      ...{ component: 'unet', className: 'UNet2DConditionModel', tensors: own },
      config: unetConfig({ path, kind, tensors: { unet: own } }),
    };
  }
  return null;
}

/** Stable Diffusion 1 has convolutions around its transformers, 2 has matrices. */
const hasMatrices = (tensors: Tensors) =>
  [...tensors].some(([key, { shape }]) => key.endsWith('.proj_in.weight') && shape.length === 2);

function readText(path: string, tensors: Tensors): LoneComponent | null {
  if (hasAny(tensors, 'model.diffusion_model.')) return null;
  const own = new Map([...tensors].filter(([key]) => !NOT_TEXT.test(key)));
  for (const [i, mark] of TEXT_MARKS.entries()) {
    const prefix = prefixOf(own, mark);
    if (prefix === undefined) continue;
    const isOpenClip = i === 1;
    const inside = within(path, own, prefix);
    const { component, kind } = encoderOf(prefix, inside, isOpenClip);
    // OpenAI's projection is read by no model.
    if (kind === 'sd1') inside.delete('text_projection.weight');
    const keys = textKeys(inside, kind, isOpenClip);
    const named = renamed(path, { component, prefix, tensors: inside, keys });
    const isSecond = component === 'text_encoder_2';
    return {
      ...{ component, className: isSecond ? 'CLIPTextModelWithProjection' : 'CLIPTextModel', tensors: named },
      config: textConfig({ path, kind, tensors: { [component]: named } }, component),
    };
  }
  return null;
}

const WIDTHS = { openClipH: 1024, openClipG: 1280 };

/** Which CLIP it is: by its prefix, else by its width, else by whose names its tensors have. */
function encoderOf(
  prefix: string,
  inside: Tensors,
  isOpenClip: boolean,
): { component: 'text_encoder' | 'text_encoder_2'; kind: SingleFileKind } {
  const [named] = /(?<=clip_)[lgh](?=\.)/.exec(prefix) ?? [];
  const embedding = [...inside].find(([key]) => key.endsWith('token_embedding.weight'))?.[1];
  const width = embedding?.shape[1];
  if (named === 'h' || (named === undefined && width === WIDTHS.openClipH))
    return { component: 'text_encoder', kind: 'sd2' };
  if (named === 'g' || (named === undefined && (isOpenClip || width === WIDTHS.openClipG)))
    return { component: 'text_encoder_2', kind: 'sdxl' };
  return { component: 'text_encoder', kind: 'sd1' };
}

/** The tables of whole checkpoints say `transformer.` or `model.` before these names. */
function textKeys(inside: Tensors, kind: SingleFileKind, isOpenClip: boolean): KeyMap {
  const before = isOpenClip ? 'model.' : 'transformer.';
  const placed: Tensors = new Map([...inside].map(([key, tensor]) => [before + key, tensor]));
  const keys = kind === 'sd1' ? clipKeys(placed) : openClipKeys(placed, kind);
  return new Map(
    [...keys].flatMap(([key, target]) =>
      key.startsWith(before) ? [[key.slice(before.length), target]] : [],
    ),
  );
}

const asTheyAre = (tensors: Tensors): KeyMap =>
  new Map([...tensors.keys()].map((name) => [name, { name, change: undefined }]));

const prefixOf = (tensors: Tensors, mark: RegExp): string | undefined =>
  [...tensors.keys()].map((key) => mark.exec(key)?.[1]).find((prefix) => prefix !== undefined);

/** The tensors by their names without the prefix. @throws AppError unsupported-model for one that has another */
function within(path: string, tensors: Tensors, prefix: string): Map<string, StoredTensor> {
  const stray = [...tensors.keys()].find((key) => !key.startsWith(prefix));
  if (stray !== undefined)
    throw unsupportedModel('unknown-part', path, `only names that begin with ${prefix}`, stray);
  return new Map([...tensors].map(([key, tensor]) => [key.slice(prefix.length), tensor]));
}

const hasAny = (tensors: Tensors, prefix: string) =>
  [...tensors.keys()].some((key) => key.startsWith(prefix));

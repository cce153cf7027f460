import type { SettingsNote } from '../../protocol/picture-settings.ts';
import type { SettingValues } from '../../protocol/settings.ts';
import { isOff, noCounterpart } from '../settings/settings-notes.ts';
import type { ComfyGraph, Node } from './graph.ts';
import { textOfInput } from './text-nodes.ts';

/** What a node encodes. */
interface EncodedText {
  /** As the file has it; undefined if it cannot be found out. */
  readonly text: string | undefined;
  /** The emphasis of a text in A1111's syntax; undefined for ComfyUI's. */
  readonly a1111: SettingValues['emphasis'] | undefined;
  readonly notes: readonly SettingsNote[];
}

/** Encoders of texts, and their inputs for them. Of two, the second is for SDXL's first text encoder. */
const ENCODERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['CLIPTextEncode', ['text']],
  ['CLIPTextEncodeSDXL', ['text_g', 'text_l']],
  ['CLIPTextEncodeSDXLRefiner', ['text']],
  ['smZ CLIPTextEncode', ['text']],
  ['BNK_CLIPTextEncodeAdvanced', ['text']],
  ['BNK_CLIPTextEncodeSDXLAdvanced', ['text_g', 'text_l']],
]);

/** Loaders of node packs that hold both prompts. */
export const LOADERS =
  /^(Efficient Loader|Eff\. Loader SDXL|easy (fullLoader|a1111Loader|comfyLoader)|ttN pipeLoader(SDXL)?(_v2)?)$/;
/** What easy and ttN loaders replace in a text before they encode it. */
const REPLACED = /<\w+:|__|\{/;

/** The text that a node encodes for one side; null for a node that encodes none. */
export function encodedText(
  graph: ComfyGraph,
  node: Node,
  side: 'positive' | 'negative',
): EncodedText | null {
  const { inputs, class_type } = node;
  const notes = encoderNotes(graph, node);
  if (LOADERS.test(class_type)) {
    const text = textOfInput(graph, node, side);
    const isReplaced = text !== undefined && !class_type.startsWith('Eff') && REPLACED.test(text);
    return { text: isReplaced ? undefined : text, a1111: undefined, notes };
  }
  const names = ENCODERS.get(class_type)?.filter((name) => name in inputs);
  if (!names) return null;
  const [text, second] = names.map((name) => textOfInput(graph, node, name));
  const a1111 = class_type === 'smZ CLIPTextEncode' ? smzEmphasis(node) : undefined;
  if (names.length < 2 || second === undefined || second === '' || second === text)
    return { text, a1111, notes };
  if (text === '') return { text: second, a1111, notes };
  return { text, a1111, notes: [...notes, noCounterpart(`text_l: ${second}`)] };
}

/** ComfyUI_smZNodes reads A1111's syntax by these parsers; the others are named by `encoderNotes`. */
function smzEmphasis({ inputs }: Node): EncodedText['a1111'] {
  if (inputs.parser !== 'A1111' && inputs.parser !== 'full') return undefined;
  return inputs.mean_normalization === false ? 'no-norm' : 'original';
}

/** How a text may be read, and the values that are ComfyUI's own or that are read here. */
const READINGS =
  /^((positive_|negative_)?(weight_interpretation|token_normalization)|a1111_prompt_style|parser)$/;
const READ: readonly unknown[] = ['comfy', 'none', false, 'A1111', 'full'];

function encoderNotes(graph: ComfyGraph, node: Node): readonly SettingsNote[] {
  const { inputs, class_type } = node;
  const isSmz = class_type === 'smZ CLIPTextEncode';
  const readings = Object.entries(inputs).flatMap(([name, value]) =>
    READINGS.test(name) && !READ.slice(0, isSmz ? undefined : 3).includes(value)
      ? noCounterpart(`${name}: ${typeof value === 'object' ? 'unknown' : value}`)
      : [],
  );
  const stacks = Object.keys(inputs).flatMap((name) => {
    const stack = /(lora|cnet|controlnet)_stack$/.test(name) ? graph.linked(node, name) : undefined;
    return stack ? noCounterpart(`${name}: ${stack.class_type}`) : [];
  });
  // ttN loaders have LoRAs as tags of their own.
  const tags =
    LOADERS.test(class_type) && !isOff(inputs.loras ?? null) ? [noCounterpart(`loras: ${inputs.loras}`)] : [];
  return [...readings, ...stacks, ...tags];
}

/** Notes what SDXL was told of a picture's size, unless it is the size that it has. */
export function sizeNotes(
  graph: ComfyGraph,
  encoder: Node | undefined,
  size: string,
): readonly SettingsNote[] {
  if (!encoder || !/SDXL$/.test(encoder.class_type) || !('crop_w' in encoder.inputs)) return [];
  const said = (...names: readonly string[]) =>
    names.map((name) => graph.value(encoder, [name]) ?? 'unknown').join('×');
  const [original, crop, target] = [
    said('width', 'height'),
    said('crop_w', 'crop_h'),
    said('target_width', 'target_height'),
  ];
  return [
    ...(original === size ? [] : [noCounterpart(`original_size: ${original}`)]),
    ...(crop === '0×0' ? [] : [noCounterpart(`crop: ${crop}`)]),
    ...(target === size ? [] : [noCounterpart(`target_size: ${target}`)]),
  ];
}

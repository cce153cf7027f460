import type { SettingsNote } from '../protocol/picture-settings.ts';
import { shortName } from './accept-settings.ts';
import type { ComfyGraph, Node } from './comfyui-graph.ts';
import { fileStem } from './lora-tag.ts';

/** A prompt as it reaches a sampler. */
interface GraphPrompt {
  /** Undefined if it cannot be found out. */
  readonly text: string | undefined;
  /** The node that encodes it, or the first of them. */
  readonly encoder: Node | undefined;
  readonly notes: readonly SettingsNote[];
}

/** Inputs in which node packs carry several things at once. */
export const PIPES = ['pipe', 'basic_pipe', 'pipe_in', 'context'] as const;

/** Inputs of CLIPTextEncode and of what does its work. */
const TEXT_INPUTS = ['text', 'prompt', 'text_g', 'text_l'] as const;

/** What changes nothing on the way. */
const PASSES_ON = /^Reroute|pipe|context|switch/i;

/**
 * The texts that reach one side of a sampler or guider, through nodes that combine or change conditionings (those are
 * noted) and through loaders that hold a text; joined by commas. Null where nothing is linked, as for a guider without a
 * negative side.
 */
export function graphPrompt(
  graph: ComfyGraph,
  from: Node,
  side: 'positive' | 'negative',
): GraphPrompt | null {
  const begin = graph.firstLinked(
    from,
    side === 'positive' ? [side, 'conditioning', ...PIPES] : [side, ...PIPES],
  );
  if (!begin) return null;
  const upwards = new RegExp(`^(${side}|cond.*|${PIPES.join('|')})$`);
  const texts: (string | undefined)[] = [];
  const notes = new Set<string>();
  const seen = new Set([begin]);
  let encoder: Node | undefined;
  for (const node of seen) {
    if (texts.length > MAX_TEXTS) break;
    const found = encodedText(graph, node, side);
    const next = found ? [] : graph.allLinked(node, upwards);
    if (found) {
      encoder ??= node;
      texts.push(found.text);
      if (found.other !== undefined) notes.add(`text_l: ${found.other}`);
    } else if (node.class_type === 'ConditioningZeroOut') texts.push('');
    else if (next.length === 0) texts.push(undefined);
    else if (!PASSES_ON.test(node.class_type)) notes.add(node.class_type);
    for (const one of node.class_type === 'ConditioningZeroOut' ? [] : next) seen.add(one);
  }
  const isWhole = texts.length > 0 && texts.length <= MAX_TEXTS && !texts.includes(undefined);
  return {
    text: isWhole
      ? texts
          .filter((text) => text !== '')
          .map((text) => asPrompt(text as string))
          .join(', ')
      : undefined,
    encoder,
    notes: [...notes].map((name) => ({ kind: 'no-counterpart', name: shortName(name) })),
  };
}

/** What a node encodes, and what it encodes otherwise for SDXL's first text encoder; undefined if it does not hold a text. */
function encodedText(
  graph: ComfyGraph,
  node: Node,
  side: string,
): { text?: string; other?: string } | undefined {
  const { inputs } = node;
  // Loaders of node packs hold both prompts.
  if (typeof inputs[side] === 'string' || ('ckpt_name' in inputs && side in inputs))
    return asFound(textOfInput(graph, node, side, 0));
  const names = TEXT_INPUTS.filter((name) => name in inputs);
  if (names.length === 0) return undefined;
  const [text, second] = names.map((name) => textOfInput(graph, node, name, 0));
  if (names[0] !== 'text_g' || second === undefined || second === '' || second === text) return asFound(text);
  return text === '' ? { text: second } : { ...asFound(text), other: second };
}

const asFound = (text: string | undefined) => (text === undefined ? {} : { text });

const MAX_DEPTH = 30;
/** Characters: longer ones are no prompts, and joined again and again they would fill the memory. */
const MAX_TEXT = 20_000;
const MAX_TEXTS = 100;

/** The text of an input, its own or through other nodes; undefined if it cannot be found out. */
function textOfInput(graph: ComfyGraph, node: Node, name: string, depth: number): string | undefined {
  const own = node.inputs[name];
  if (typeof own === 'string' || typeof own === 'number')
    return String(own).length <= MAX_TEXT ? String(own) : undefined;
  const source = depth < MAX_DEPTH ? graph.linked(node, name) : undefined;
  return source && textOfNode(graph, source, depth + 1);
}

/** Nodes whose text only a run knows: by chance, by a model, by a rule. */
const COMPUTES =
  /style|wildcard|random|replace|format|regex|caption|interrogat|tagger|florence|llm|gpt|generate/i;
/** The inputs that text nodes pass on. */
const SINGLE = [
  'text',
  'string',
  'value',
  'prompt',
  'Text',
  'positive',
  'negative',
  'source',
  'anything',
] as const;
const PART = /^(string|text|prompt|str)_?([a-h]|\d{1,2})$/i;

/** The text that a node gives: one that it holds or passes on, or several joined. */
function textOfNode(graph: ComfyGraph, node: Node, depth: number): string | undefined {
  const { inputs, class_type } = node;
  // What a wildcard was replaced with.
  if (typeof inputs.populated_text === 'string') return inputs.populated_text;
  if (COMPUTES.test(class_type)) return undefined;
  const single = SINGLE.filter((name) => name in inputs);
  if (single.length > 1) return undefined;
  if (single[0] !== undefined) return textOfInput(graph, node, single[0], depth);
  const parts = Object.keys(inputs)
    .filter((name) => PART.test(name))
    .slice(0, MAX_TEXTS);
  const texts = parts.map((name) => textOfInput(graph, node, name, depth));
  if (parts.length === 0 || texts.includes(undefined)) return undefined;
  const delimiter = String(inputs.delimiter ?? inputs.separator ?? '').replaceAll('\\n', '\n');
  const joined = texts.filter((text) => text !== '').join(delimiter);
  return joined.length <= MAX_TEXT ? joined : undefined;
}

/** A prompt as Safelight reads it: in ComfyUI, square brackets mean nothing and embeddings are called by a prefix. */
export const asPrompt = (text: string): string =>
  text.replace(/[[\]]/g, '\\$&').replace(/\bembedding:([\w.-]{1,200})/g, (_, name: string) => fileStem(name));

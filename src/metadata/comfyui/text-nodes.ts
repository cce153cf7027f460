import type { ComfyGraph, Node } from './graph.ts';
import { HOLDERS } from './holders.ts';

const MAX_DEPTH = 30;
/** Characters: longer ones are no prompts, and joined again and again they would fill the memory. */
const MAX_TEXT = 20_000;

/** A node that joins texts: its inputs in their order, and how it joins them. */
interface Join {
  readonly parts: readonly string[];
  readonly delimiter: string;
  /** Whether it leaves out empty texts and takes `\n` for a new line, as WAS Node Suite does. */
  readonly isOfWas?: boolean;
}

const JOINS: ReadonlyMap<string, Join> = new Map([
  // comfy_extras/nodes_string.py
  ['StringConcatenate', { parts: ['string_a', 'string_b'], delimiter: 'delimiter' }],
  ['easy promptConcat', { parts: ['prompt1', 'prompt2'], delimiter: 'separator' }],
  ['CR Text Concatenate', { parts: ['text1', 'text2'], delimiter: 'separator' }],
  ['JoinStrings', { parts: ['string1', 'string2'], delimiter: 'delimiter' }],
  [
    'Text Concatenate',
    { parts: ['text_a', 'text_b', 'text_c', 'text_d'], delimiter: 'delimiter', isOfWas: true },
  ],
]);

/** The text of an input, its own or through nodes that hold or join texts; undefined if it cannot be found out. */
export function textOfInput(graph: ComfyGraph, node: Node, name: string, depth = 0): string | undefined {
  const own = node.inputs[name];
  if (typeof own === 'string' || typeof own === 'number')
    return String(own).length <= MAX_TEXT ? String(own) : undefined;
  const source = depth < MAX_DEPTH ? graph.linked(node, name) : undefined;
  if (!source) return undefined;
  const held = HOLDERS.get(source.class_type);
  if (held !== undefined) return textOfInput(graph, source, held, depth + 1);
  const join = JOINS.get(source.class_type);
  return join && joinedText(graph, source, join, depth + 1);
}

function joinedText(
  graph: ComfyGraph,
  node: Node,
  { parts, delimiter: delimiterName, isOfWas }: Join,
  depth: number,
): string | undefined {
  // An input of another version of the node could mean anything.
  if (Object.keys(node.inputs).some((name) => ![...parts, delimiterName, 'clean_whitespace'].includes(name)))
    return undefined;
  const texts = parts
    .filter((name) => name in node.inputs)
    .map((name) => textOfInput(graph, node, name, depth));
  const delimiter = delimiterName in node.inputs ? textOfInput(graph, node, delimiterName, depth) : '';
  if (delimiter === undefined || texts.includes(undefined)) return undefined;
  const trimmed = texts.map((text = '') => (node.inputs.clean_whitespace === 'true' ? text.trim() : text));
  const joined = isOfWas
    ? trimmed.filter((text) => text !== '').join(delimiter === '\\n' ? '\n' : delimiter)
    : trimmed.join(delimiter);
  return joined.length <= MAX_TEXT ? joined : undefined;
}

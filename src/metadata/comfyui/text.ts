import type { SettingsNote } from '../../protocol/picture-settings.ts';
import type { SettingValues } from '../../protocol/settings.ts';
import { shortName } from '../settings/accept-settings.ts';
import { asWords, emphasisNotes } from '../settings/prompt-words.ts';
import { isControlNode } from './controls.ts';
import { encodedText } from './encoders.ts';
import { type ComfyGraph, type Node, PIPES } from './graph.ts';
import { asPrompt } from './syntax.ts';

/** A prompt as it reaches a sampler. */
interface GraphPrompt {
  /** Undefined if it cannot be found out. */
  readonly text: string | undefined;
  /** The node that encodes it, or the first of them. */
  readonly encoder: Node | undefined;
  /** Undefined for ComfyUI's own, which is not here. */
  readonly emphasis: SettingValues['emphasis'] | undefined;
  readonly notes: readonly SettingsNote[];
}

/** What changes nothing on the way. */
const PASSES_ON = /^Reroute|pipe|context|switch/i;
/** What takes one of several: which, only a run knows. */
const CHOOSES = /switch|selector|random/i;

const MAX_TEXTS = 100;

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
  const notes: SettingsNote[] = [];
  const seen = new Set([begin]);
  let encoder: Node | undefined;
  let emphasis: GraphPrompt['emphasis'];
  for (const node of seen) {
    if (texts.length > MAX_TEXTS) break;
    const found = encodedText(graph, node, side);
    const isEmpty = node.class_type === 'ConditioningZeroOut';
    const next = found || isEmpty ? [] : graph.allLinked(node, upwards);
    if (found) {
      encoder ??= node;
      const prompt = found.text && (found.a1111 ? asWords(found.text) : asPrompt(found.text));
      texts.push(prompt);
      notes.push(...found.notes);
      if (prompt && found.a1111) emphasis ??= /[([]/.test(prompt) ? found.a1111 : undefined;
      else if (prompt) notes.push(...emphasisNotes(prompt));
    } else if (isEmpty) texts.push('');
    else if (next.length === 0 || (next.length > 1 && CHOOSES.test(node.class_type))) texts.push(undefined);
    else if (!PASSES_ON.test(node.class_type) && !isControlNode(node))
      notes.push({ kind: 'no-counterpart', name: shortName(node.class_type) });
    for (const one of next) seen.add(one);
  }
  const isWhole = texts.length > 0 && texts.length <= MAX_TEXTS && !texts.includes(undefined);
  return {
    text: isWhole ? texts.filter((text) => text !== '').join(', ') : undefined,
    encoder,
    emphasis,
    notes,
  };
}

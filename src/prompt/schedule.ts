/** A text, and the last step of its pass that uses it, counted from 1. */
export interface ScheduledText {
  readonly untilStep: number;
  readonly text: string;
}

/** The steps of a pass, and those of the pass before it: 0 where it is the first. */
export interface PassSteps {
  readonly steps: number;
  readonly stepsBefore: number;
}

type Sequence = readonly Node[];
type Node =
  | string
  | { readonly kind: 'scheduled'; readonly before: Sequence; readonly after: Sequence; readonly when: string }
  | { readonly kind: 'alternating'; readonly options: readonly Sequence[] };

/** Brackets nested deeper than this are text. */
const MAX_DEPTH = 200;
const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

/**
 * The prompt editing of AUTOMATIC1111's web UI (get_learned_conditioning_prompt_schedules): `[a:b:0.5]` is a for half of the
 * steps and b after them; `[a:b:7]` changes after seven steps; `[b:0.5]` is nothing and then b; `[a::0.5]` is a and then nothing;
 * `[a|b]` alternates between a and b at each step. They can be nested. Emphasis and malformed brackets are text. Never throws.
 *
 * A second pass goes on where the first one ended, as since version 1.6 there: its fractions are 1 to 2, its whole numbers
 * are counted on. Alternating begins anew.
 * @returns texts in the order of their steps; the last one reaches to `steps`
 */
export function promptSchedule(prompt: string, pass: PassSteps): ScheduledText[] {
  const sequence = parse(prompt, 0, prompt.length, matchBrackets(prompt));
  const ends = [...new Set([...changes(sequence, pass), pass.steps])].sort((a, b) => a - b);
  return ends.map((untilStep) => ({ untilStep, text: textAt(sequence, untilStep, pass) }));
}

/**
 * From the index of each opening bracket to that of its partner. A pair with an unmatched bracket inside is text, and so are
 * the pairs around it (schedule_parser: what is inside brackets is a prompt, and in a prompt all brackets are closed).
 */
function matchBrackets(prompt: string): ReadonlyMap<number, number> {
  const partners = new Map<number, number>();
  const open: number[] = [];
  // How many of the open ones, from the outermost, have an unmatched bracket inside.
  let torn = 0;
  for (let i = 0; i < prompt.length; i++) {
    const character = prompt[i] as string;
    if (character === '\\') i++;
    else if (character === '(' || character === '[') {
      if (open.length < MAX_DEPTH) open.push(i);
    } else if (character === ')' || character === ']') {
      const opener = character === ')' ? '(' : '[';
      const partner = open.findLastIndex((index) => prompt[index] === opener);
      if (partner < open.length - 1) torn = Math.max(torn, partner < 0 ? open.length : partner + 1);
      if (partner < 0) continue;
      if (torn <= partner) partners.set(open[partner] as number, i);
      torn = Math.min(torn, partner);
      open.length = partner;
    }
  }
  return partners;
}

function parse(prompt: string, from: number, to: number, partners: ReadonlyMap<number, number>): Sequence {
  const nodes: Node[] = [];
  let literal = from;
  for (let i = from; i < to; i++) {
    if (prompt[i] === '\\') i++;
    const close = prompt[i] === '[' ? partners.get(i) : undefined;
    const node = close === undefined ? undefined : parseSquare(prompt, i, close, partners);
    if (close === undefined || !node) continue;
    nodes.push(prompt.slice(literal, i), node);
    i = close;
    literal = close + 1;
  }
  return [...nodes, prompt.slice(literal, to)];
}

/** The node between two square brackets; undefined where they are text. */
function parseSquare(
  prompt: string,
  open: number,
  close: number,
  partners: ReadonlyMap<number, number>,
): Node | undefined {
  const separators: number[] = [];
  for (let i = open + 1; i < close; i++) {
    if (prompt[i] === '\\') i++;
    else if (partners.has(i)) i = partners.get(i) as number;
    else if (prompt[i] === ':' || prompt[i] === '|') separators.push(i);
  }
  const colons = separators.filter((i) => prompt[i] === ':');
  const last = separators.at(-1);
  if (last === undefined) return undefined;
  const within = (from: number, to: number) => parse(prompt, from, to, partners);
  const when = prompt.slice(last + 1, close);
  if (prompt[last] === ':' && colons.length <= 2 && NUMBER.test(when)) {
    const [first] = colons as [number];
    if (colons.length === 1) return { kind: 'scheduled', before: [], after: within(open + 1, first), when };
    return { kind: 'scheduled', before: within(open + 1, first), after: within(first + 1, last), when };
  }
  if (colons.length > 0) return undefined;
  const ends = [...separators, close];
  const options = ends.map((end, k) => within((k === 0 ? open : (separators[k - 1] as number)) + 1, end));
  return { kind: 'alternating', options };
}

/** The pass's last step with the `before` text, 0 or less for none: a number with a point is a fraction of the pass. */
function stepOf(when: string, { steps, stepsBefore }: PassSteps): number {
  const passesBefore = stepsBefore > 0 ? 1 : 0;
  const value = when.includes('.') ? (Number(when) - passesBefore) * steps : Number(when) - stepsBefore;
  return Math.min(steps, Math.trunc(value));
}

function changes(sequence: Sequence, pass: PassSteps): number[] {
  return sequence.flatMap((node) => {
    if (typeof node === 'string') return [];
    if (node.kind === 'alternating') {
      const inner = node.options.flatMap((option) => changes(option, pass));
      return [...inner, ...Array.from({ length: pass.steps }, (_, i) => i + 1)];
    }
    const when = stepOf(node.when, pass);
    const inner = [...changes(node.before, pass), ...changes(node.after, pass)];
    return when >= 1 ? [...inner, when] : inner;
  });
}

function textAt(sequence: Sequence, step: number, pass: PassSteps): string {
  return sequence
    .map((node) => {
      if (typeof node === 'string') return node;
      if (node.kind === 'scheduled')
        return textAt(step <= stepOf(node.when, pass) ? node.before : node.after, step, pass);
      return textAt(node.options[(step - 1) % node.options.length] as Sequence, step, pass);
    })
    .join('');
}

import * as v from 'valibot';

/** A node of ComfyUI's API graph: an input is a value, or `[id, output]` of another node. */
export interface Node {
  readonly class_type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const MAX_LENGTH = 8_000_000;
const MAX_NODES = 5000;
/** Of a chain of links, whatever leads round in a circle. */
const MAX_DEPTH = 100;
/** Of all looks at nodes for one picture. */
const MAX_VISITS = 20_000;

const NodeSchema = v.object({ class_type: v.string(), inputs: v.record(v.string(), v.unknown()) });
const Link = v.tuple([v.union([v.string(), v.number()]), v.number()]);

/** JSON as Python writes it: with NaN, and with seeds of 64 bits, which are kept as text. Null for what is none. */
export function parsePythonJson(text: string): unknown {
  if (text.length > MAX_LENGTH) return null;
  // A quote inside a string has a backslash before it, so this finds keys only.
  const exact = text.replace(/"(seed|noise_seed)": ?(\d{16,20})(?=[,}\s])/g, '"$1": "$2"');
  for (const candidate of [exact, exact.replace(/\bNaN\b/g, 'null')]) {
    try {
      return JSON.parse(candidate);
    } catch {
      // The second candidate, or none.
    }
  }
  return null;
}

/** The nodes of an API graph, and ways along its links. */
export class ComfyGraph {
  readonly nodes: readonly Node[];
  readonly #byId: ReadonlyMap<string, Node>;
  #visits = 0;

  /** Entries that are no nodes are left out. */
  constructor(entries: Iterable<readonly [string, unknown]>) {
    const byId = new Map<string, Node>();
    for (const [id, entry] of entries) {
      const node = v.safeParse(NodeSchema, entry);
      if (node.success) byId.set(id, node.output);
      if (byId.size >= MAX_NODES) break;
    }
    this.#byId = byId;
    this.nodes = [...byId.values()];
  }

  /** The node that an input is linked to. */
  linked(node: Node, input: string): Node | undefined {
    const link = v.safeParse(Link, node.inputs[input]);
    if (!link.success || ++this.#visits > MAX_VISITS) return undefined;
    return this.#byId.get(String(link.output[0]));
  }

  /** All nodes that a node is linked to by inputs of these names. */
  allLinked(node: Node, names: RegExp): readonly Node[] {
    return Object.keys(node.inputs).flatMap((name) =>
      names.test(name) ? (this.linked(node, name) ?? []) : [],
    );
  }

  /** A value of one of these inputs: its own, or one that a node of the kind that holds a value passes on. */
  value(node: Node, names: readonly string[], depth = 0): string | number | undefined {
    for (const name of names) {
      const own = node.inputs[name];
      if (typeof own === 'string' || typeof own === 'number') return own;
      const source = depth < MAX_DEPTH ? this.linked(node, name) : undefined;
      const passed = source && this.value(source, [name, ...VALUE_INPUTS], depth + 1);
      if (passed !== undefined) return passed;
    }
    return undefined;
  }

  /** From a node upwards along one input, the node itself left out. */
  chain(node: Node, input: string): readonly Node[] {
    const seen = new Set<Node>();
    let at = this.linked(node, input);
    while (at && !seen.has(at) && seen.size < MAX_DEPTH) {
      seen.add(at);
      at = this.linked(at, input);
    }
    return [...seen];
  }

  /** Every node that leads to this one through inputs of these names, the node itself left out. */
  upstream(node: Node, names: RegExp): ReadonlySet<Node> {
    const seen = new Set<Node>();
    const open = [node];
    for (let at = open.pop(); at; at = open.pop())
      for (const next of this.allLinked(at, names))
        if (next !== node && !seen.has(next)) {
          seen.add(next);
          open.push(next);
        }
    return seen;
  }
}

/** What primitives, notes and string nodes call the value they hold. */
const VALUE_INPUTS = [
  'value',
  'text',
  'string',
  'seed',
  'noise_seed',
  'int',
  'float',
  'number',
  'prompt',
] as const;

import * as v from 'valibot';
import { parsePythonJson } from '../../protocol/python-json.ts';
import { HOLDERS } from './holders.ts';

/** A node of ComfyUI's API graph. An input is a value, or a link `[id, output]` to another node. */
export interface Node {
  readonly class_type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const MAX_LENGTH = 8_000_000;
const MAX_NODES = 5000;
/** Links in a chain: a graph may have circles. */
const MAX_DEPTH = 100;
/** Links followed for one picture in all. */
const MAX_VISITS = 20_000;

const NodeSchema = v.object({ class_type: v.string(), inputs: v.record(v.string(), v.unknown()) });
const Link = v.tuple([v.union([v.string(), v.number()]), v.number()]);

/** Parses JSON with integers of 64 bits, seeds mostly, which become texts. Undefined for anything else. */
export function parseGraphJson(text: string): unknown {
  if (text.length > MAX_LENGTH) return undefined;
  // A quote inside a string is escaped, so this finds only keys.
  return parsePythonJson(text.replace(/"(\w{1,40})": ?(\d{16,20})(?=[,}\s])/g, '"$1": "$2"'));
}

/** The nodes of an API graph, and ways to follow its links. */
export class ComfyGraph {
  readonly nodes: readonly Node[];
  readonly #byId: ReadonlyMap<string, Node>;
  #visits = 0;

  /** Leaves out entries that are not nodes. */
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

  /** The node that an input is linked to, if any. */
  linked(node: Node, input: string): Node | undefined {
    const link = v.safeParse(Link, node.inputs[input]);
    if (!link.success || ++this.#visits > MAX_VISITS) return undefined;
    return this.#byId.get(String(link.output[0]));
  }

  /** All nodes that are linked to the inputs of these names. */
  allLinked(node: Node, names: RegExp): readonly Node[] {
    return Object.keys(node.inputs).flatMap((name) =>
      names.test(name) ? (this.linked(node, name) ?? []) : [],
    );
  }

  /** The node that the first of these inputs is linked to, of those that are linked. */
  firstLinked(node: Node, names: readonly string[]): Node | undefined {
    for (const name of names) {
      const source = this.linked(node, name);
      if (source) return source;
    }
    return undefined;
  }

  /**
   * The value of the first of these inputs that has one, itself or through nodes that only hold or pass on a value. A name is
   * passed on by every node that has it under the same input.
   */
  value(node: Node, names: readonly string[], depth = 0): string | number | undefined {
    for (const name of names) {
      const own = node.inputs[name];
      if (typeof own === 'string' || typeof own === 'number') return own;
      const source = depth < MAX_DEPTH ? this.linked(node, name) : undefined;
      const held = source && (HOLDERS.get(source.class_type) ?? (NAMES.test(name) ? name : undefined));
      const passed = source && held !== undefined ? this.value(source, [held], depth + 1) : undefined;
      if (passed !== undefined) return passed;
    }
    return undefined;
  }

  /** The same of one input: "unknown" where something else computes it. @param usual where the node has no such input */
  said(node: Node, input: string, usual: string | number = 'unknown'): string | number {
    return input in node.inputs ? (this.value(node, [input]) ?? 'unknown') : usual;
  }

  /** The nodes upstream along the first of these inputs that is linked, nearest first. */
  chain(node: Node, names: readonly string[]): readonly Node[] {
    const seen = new Set<Node>();
    let at = this.firstLinked(node, names);
    while (at && !seen.has(at) && seen.size < MAX_DEPTH) {
      seen.add(at);
      at = this.firstLinked(at, names);
    }
    return [...seen];
  }

  /** Every node upstream through inputs of these names. */
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

  /** Every node that gets what a node makes, through inputs of these names. */
  downstream(node: Node, names: RegExp): ReadonlySet<Node> {
    const users = new Map<Node, Node[]>();
    for (const user of this.nodes)
      for (const source of this.allLinked(user, names))
        users
          .set(source, users.get(source) ?? [])
          .get(source)
          ?.push(user);
    const seen = new Set(users.get(node) ?? []);
    for (const one of seen) for (const user of users.get(one) ?? []) seen.add(user);
    return seen;
  }
}

const NAMES = /_name$|^scheduler$/;

/** Inputs in which node packs carry several things at once. */
export const PIPES = ['pipe', 'basic_pipe', 'pipe_in', 'sdxl_tuple', 'context'] as const;

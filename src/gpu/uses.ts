import type { GraphNode, Value } from '../graph/graph.ts';

/** Operators that move no number. */
const VIEWS: ReadonlySet<string> = new Set(['Reshape', 'Transpose']);

/** Who makes and who reads each tensor among a graph's nodes. */
export class Uses {
  readonly #makers = new Map<string, GraphNode>();
  readonly #readers = new Map<string, GraphNode[]>();

  constructor(nodes: readonly GraphNode[]) {
    for (const node of nodes) {
      for (const { name } of node.outputs) this.#makers.set(name, node);
      for (const name of new Set(node.inputs.flatMap((value) => (value ? [value.name] : []))))
        this.#readers.set(name, [...(this.#readers.get(name) ?? []), node]);
    }
  }

  makerOf(value: Value): GraphNode | undefined {
    return this.#makers.get(value.name);
  }

  readersOf(value: Value): readonly GraphNode[] {
    return this.#readers.get(value.name) ?? [];
  }

  /** The one node that reads a tensor, as one of its inputs. */
  onlyReaderOf(value: Value): GraphNode | undefined {
    const [reader, ...others] = this.readersOf(value);
    const isOnce = reader?.inputs.filter((input) => input?.name === value.name).length === 1;
    return others.length === 0 && isOnce ? reader : undefined;
  }

  /** Whether a tensor, or a view of it, is read by nothing but the first input of such nodes. */
  leadsOnlyTo(value: Value, ops: ReadonlySet<string>): boolean {
    const readers = this.readersOf(value);
    return (
      readers.length > 0 &&
      readers.every((node) =>
        VIEWS.has(node.op)
          ? this.leadsOnlyTo(node.outputs[0] as Value, ops)
          : ops.has(node.op) &&
            node.inputs[0]?.name === value.name &&
            !node.inputs.slice(1).some((input) => input?.name === value.name),
      )
    );
  }

  /** Whether a tensor, or a view or cast of it, is read by attention alone, whose arithmetic is float32 in any case. */
  leadsToAttention(value: Value): boolean {
    const readers = this.readersOf(value);
    return (
      readers.length > 0 &&
      readers.every(
        ({ op, outputs }) =>
          op === 'MultiHeadAttention' ||
          (['Reshape', 'Cast'].includes(op) && this.leadsToAttention(outputs[0] as Value)),
      )
    );
  }

  /** Whether a tensor can only be made after an open node; what is done does not depend on one. */
  needs(value: Value, isOpen: (node: GraphNode) => boolean, isDone: (node: GraphNode) => boolean): boolean {
    const seen = new Set<GraphNode>();
    const visit = (at: Value): boolean => {
      const maker = this.makerOf(at);
      if (!maker || isDone(maker) || seen.has(maker)) return false;
      if (isOpen(maker)) return true;
      seen.add(maker);
      return maker.inputs.some((input) => input && visit(input));
    };
    return visit(value);
  }
}
